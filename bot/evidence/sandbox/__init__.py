"""Where generated code may run: no network, no host files, bounded in everything, proven before it is used."""

from bot.evidence.sandbox.box import Box, Boxed, Ended, Limits
from bot.evidence.sandbox.proof import Sandbox, SandboxUnavailable, proven

__all__ = ["Box", "Boxed", "Ended", "Limits", "Sandbox", "SandboxUnavailable", "proven"]
