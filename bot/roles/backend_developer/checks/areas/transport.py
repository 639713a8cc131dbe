"""How answers travel and what their headers let browsers do."""

from __future__ import annotations

import re
from typing import Final

from bot.evidence.checks import CheckResult, judge, not_applicable
from bot.roles.backend_developer.checks.context import CheckContext
from bot.roles.backend_developer.checks.document import mapping

_OPENING: Final = (
    (re.compile(r"access-control-allow-origin:\s*(\*|null)", re.I), re.compile(r"allow-credentials:\s*true", re.I)),
    (re.compile(r"strict-transport-security:.*max-age=0\b", re.I), None),
    (re.compile(r"x-frame-options:\s*allow", re.I), None),
    (re.compile(r"content-security-policy:.*(default|script)-src[^;]*(\*|'unsafe-)", re.I), None),
    (re.compile(r"x-content-type-options:\s*(?!nosniff)\S", re.I), None),
    (re.compile(r"referrer-policy:\s*unsafe-url", re.I), None),
    (re.compile(r"set-cookie:.*samesite=none(?!.*secure)", re.I), None),
)  # fmt: skip
"""Headers that switch a browser's protection off, the second beside the first."""


def headers_safe(bench: CheckContext) -> CheckResult:
    """No header that every answer has switches off what protects who is signed in (OWASP Secure Headers)."""
    headers = bench.blueprint.auth.headers
    if not headers:
        return not_applicable("The design names no headers.")
    offenders = [
        one for one in headers for opens, beside in _OPENING
        if opens.search(one) and (beside is None or any(beside.search(other) for other in headers))
    ]  # fmt: skip
    return judge(offenders, good=f"None of {len(headers)} headers opens anything.", bad="Headers that open")


def transport_safe(bench: CheckContext) -> CheckResult:
    """Every server of the document is reached by TLS; only one's own machine may do without."""
    servers = bench.document.root.get("servers")
    urls = [str(mapping(s).get("url", "")) for s in servers] if isinstance(servers, list) else []
    open_ones = [url for url in urls if url.startswith("http://") and not re.match(r"http://(localhost|127\.)", url)]
    return judge(open_ones, good="Servers are reached by TLS.", bad="Reached without TLS")
