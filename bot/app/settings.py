"""Settings from the environment and `.env`; README's table is held to this class by a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.address import host_of, is_loopback, origin_of
from bot.domain.errors import ConfigurationError
from bot.domain.gate import Policy
from bot.roles.loader import DEFINITION
from bot.services.common import Rules

_TEAM_ROOT = re.compile(r"([TE][A-Z0-9]{2,20})=(.+)", re.DOTALL)
_SLACKS = frozenset({"slack.com", "slack-gov.com"})
_PASSWORD = re.compile(r"://[^/:@]*:(.+)@")
Paths = Annotated[tuple[Path, ...], NoDecode]
Hours = Annotated[tuple[float, ...], NoDecode]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode]


class Settings(BaseSettings):
    """Everything that may be set. Without Slack's tokens the local Slack is used, without a model's key no model."""

    model_config = SettingsConfigDict(env_prefix="EIPAS_", env_file=".env", extra="ignore", frozen=True)

    slack_bot_token: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("SLACK_BOT_TOKEN", "slack_bot_token"),
        description="Bot token (`xoxb-…`) of your Slack app.",
    )
    slack_app_token: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("SLACK_APP_TOKEN", "slack_app_token"),
        description="App-level token (`xapp-…`) with `connections:write`.",
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("SLACK_SIGNING_SECRET", "slack_signing_secret"),
        description="Signing secret of your Slack app; HTTP mode verifies every delivery with it.",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        description="Address of Slack's Web API: `https://slack-gov.com/api/` for GovSlack, or a test server's.",
    )
    slack_file_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Where uploads are fetched from, as `https://host`, comma-separated; empty means what belongs to "
        "`slack_api_url`.",
    )
    github_repository: str = Field(
        "",
        pattern=r"^$|^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$",
        description="Repository (`owner/name`) that rendered services are committed to, with a pull request each; "
        "empty: none. It needs `github_token` and a first commit.",
    )
    github_token: SecretStr | None = Field(
        None, description="Token for it: contents and pull requests, read and write."
    )
    github_api_url: str = Field(
        "https://api.github.com", description="Address of GitHub's REST API; `https://HOST/api/v3` of an own server."
    )
    github_folder: str = Field(
        "{idea}",
        pattern=r"^([A-Za-z0-9_{}-][A-Za-z0-9._{}-]*/?)*$",
        description="Folder of a service in the repository; `{idea}` becomes the idea's name, empty is the root.",
    )
    github_branch_prefix: str = Field(
        "eipas/", pattern=r"^[A-Za-z0-9._/-]*$", description="What the branch's name begins with, before the idea's."
    )
    mode: Literal["socket", "http"] = Field(
        "socket", description="How Slack reaches the bot: it dials out (`socket`), or Slack calls it (`http`)."
    )
    socket_connections: int = Field(
        1, ge=1, le=10, description="Socket Mode connections; with 2 one serves while the other is renewed."
    )
    http_host: str = Field("127.0.0.1", description="Address that HTTP mode listens on.")
    http_port: int = Field(
        3000, ge=0, le=65535, description="Port of HTTP mode; the Request URL ends in `/slack/events`."
    )
    ops_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="Port of `/healthz`, `/readyz` and `/metrics`, 0 for none; the public port has only `/healthz`.",
    )
    ops_host: str = Field("127.0.0.1", description="Address that the operations port listens on.")
    request_seconds: float = Field(
        10.0, gt=0, le=60, description="Seconds after which a request that is not wholly there is cut (HTTP mode)."
    )
    oauth_client_id: str = Field("", description="Client ID of your Slack app: installation in several workspaces.")
    oauth_client_secret: SecretStr | None = Field(None, description="Client secret of your Slack app.")
    encryption_keys: Secrets = Field(
        (),
        description="Fernet keys for Slack's tokens at rest, comma-separated; the first encrypts, all decrypt.",
    )
    drain_seconds: float = Field(
        5.0, ge=0, le=60, description="Seconds in which a stopping bot answers what is under way."
    )
    slack_timeout: float = Field(
        15.0, gt=0, le=60, description="Seconds after which a call to Slack without an answer counts as lost."
    )
    data_dir: Path = Field(
        Path("data"),
        description="Where the database, the workspaces without a folder and the local Slack's journal live.",
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL; empty means SQLite in `data_dir`. `postgresql+psycopg://…` for PostgreSQL."
    )
    workspace_roots: Paths = Field(
        (Path("workspaces"), Path(".claude-agentflow/workspace")),
        description="Folders under which a start form may name a workspace, comma-separated: `TEAM=path` for one team "
        "by its id, a plain path for the one workspace there is.",
    )
    share_roots: bool = Field(
        False, description="Whether plain folders in `workspace_roots` are for every installed workspace."
    )
    role_folders: Paths = Field(
        (), description="Folders with further roles, comma-separated; see `docs/adding-a-role.md`."
    )
    host: str = Field("127.0.0.1", description="Address of the local Slack's page.")
    port: int = Field(8765, ge=0, le=65535, description="Port of the local Slack's page.")
    designer: Literal["auto", "offline", "claude"] = Field(
        "auto", description="`auto` uses Claude if a key or base URL is set."
    )
    evidence: Literal["all", "static"] = Field(
        "all",
        description="`static` judges what is rendered by its files and a database; `all` runs and probes it, too.",
    )
    anthropic_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("ANTHROPIC_API_KEY", "anthropic_api_key"),
        description="Key of the Anthropic API. Without it the offline designer works by rules.",
    )
    model: str = Field(
        "claude-opus-5-5", description="Model id; one that is not of the built-in list needs `model_prices`."
    )
    model_effort: Literal["low", "medium", "high", "xhigh", "max"] = Field(
        "medium", description="How hard the model thinks."
    )
    model_provider: Literal["anthropic", "bedrock", "vertex", "foundry"] = Field(
        "anthropic", description="Whose service the model is asked at."
    )
    model_base_url: str = Field("", description="Address of a compatible Messages API, e.g. a gateway.")
    model_region: str = Field("", description="Region, for Bedrock and Vertex.")
    model_project: str = Field("", description="Project, for Vertex.")
    model_resource: str = Field("", description="Resource, for Foundry.")
    model_prices: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Prices that replace or extend the built-in list, in US dollars per million tokens, "
        "comma-separated: `model=input/output` or `model=input/output/cache read`.",
    )
    model_prices_of: date | None = Field(
        None, description="The day those prices are of, as 2026-10-21; shown beside every estimate."
    )
    model_reader: str = Field(
        "", description="Model that reads sentences that the rules could not, e.g. a small one; empty: `model`."
    )
    model_reads: int = Field(
        200, ge=0, le=2000, description="Sentences that a model may read so in one run; 0 leaves them not understood."
    )
    model_candidates: int = Field(
        1, ge=1, le=5, description="First proposals that are written; the checks choose the one that goes on."
    )
    model_critique: bool = Field(
        True, description="Whether a fresh call reads each result once, as the approvers would, before the run ends."
    )
    model_call_seconds: float = Field(
        1800.0, gt=0, le=7200, description="Seconds that one answer of the model may take in all."
    )
    budget_usd: float = Field(5.0, gt=0, description="Money an evaluation may spend on a model before it asks.")
    runs_at_once: int = Field(2, ge=1, le=64, description="Runs that this process works on side by side.")
    runs_in_all: int = Field(
        8, ge=1, le=1024, description="Runs at once on all machines that share a PostgreSQL database."
    )
    lease_seconds: float = Field(
        15.0, gt=0, description="After how long without a sign of life another machine takes over a machine's work."
    )
    signing_key: Path | None = Field(
        None,
        description="File of the Ed25519 key that signs bundles, the same one on all machines; empty means "
        "`signing-key.pem` in `data_dir`, made when it is first needed.",
    )
    self_approval: bool = Field(False, description="Whether an owner may decide a gate that has other approvers.")
    cancel_by: Literal["owner", "approvers"] = Field(
        "owner", description="Who may cancel and reopen an evaluation: its owner, or its approvers, too."
    )
    reminder_hours: Hours = Field(
        (4.0, 24.0, 72.0), description="Hours after which a waiting gate reminds, comma-separated; growing."
    )
    escalation_hours: float = Field(
        48.0, ge=0, description="Hours after which a waiting gate also asks the fallback approvers; 0 never."
    )
    fallback_approvers: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Slack user ids that an escalation adds, comma-separated."
    )
    expiry_hours: float = Field(0.0, ge=0, description="Hours after which a waiting gate expires; 0 never.")
    post_interval: float | None = Field(
        None, ge=0, description="Seconds between posts in one channel; default 1 in Slack, 0 locally."
    )
    update_interval: float | None = Field(
        None, ge=0, description="Seconds between updates of a live message; default 3 in Slack, 0.3 locally."
    )
    rate_minute: float | None = Field(
        None,
        ge=0,
        description="Seconds of the minute that Slack's rates count in; default 60 in Slack, 0 (no rates) locally.",
    )
    charts: bool | None = Field(
        None,
        description="Whether scores over iterations are Slack's chart block, and words where a workspace refuses it; "
        "default true in Slack, false locally.",
    )
    log_format: Literal["console", "json"] = Field("console", description="How logs are written.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")

    @field_validator("role_folders")
    @classmethod
    def _hold_roles(cls, folders: tuple[Path, ...]) -> tuple[Path, ...]:
        """A mistyped folder would otherwise start a bot that lacks a role, without a word."""
        for folder in folders:
            if not any(folder.glob(f"*/{DEFINITION}")):
                what = "holds no role" if folder.is_dir() else "is no folder"
                raise ValueError(f"{folder} {what}; name the folder in which the folders of the roles lie")
        return folders

    @field_validator("slack_api_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        """The bot's token goes there: in clear only to this machine itself."""
        if not origin_of(url) or not (url.startswith("https://") or (url.startswith("http://") and is_loopback(url))):
            raise ValueError("an address that begins with https:// is needed, as https://slack.com/api/")
        return f"{url.rstrip('/')}/"

    @model_validator(mode="before")
    @classmethod
    def _split(cls, values: dict[str, object]) -> dict[str, object]:
        lists = (
            "workspace_roots",
            "role_folders",
            "reminder_hours",
            "fallback_approvers",
            "encryption_keys",
            "model_prices",
            "slack_file_origins",
        )
        return {
            k: [p.strip() for p in v.split(",") if p.strip()] if k in lists and isinstance(v, str) else v
            for k, v in values.items()
        }

    @property
    def local(self) -> bool:
        """Whether the local Slack stands in for a real workspace. Raises ConfigurationError where half is missing."""
        given = {
            "SLACK_BOT_TOKEN": self.slack_bot_token,
            "SLACK_APP_TOKEN": self.slack_app_token,
            "SLACK_SIGNING_SECRET": self.slack_signing_secret,
            "EIPAS_OAUTH_CLIENT_ID": self.oauth_client_id,
            "EIPAS_OAUTH_CLIENT_SECRET": self.oauth_client_secret,
            "EIPAS_ENCRYPTION_KEYS": self.encryption_keys,
        }
        if self.mode == "socket" and not (self.slack_bot_token or self.slack_app_token or self.oauth_client_id):
            return True
        absent = [name for name in self._needed if not given[name]]
        if absent:
            raise ConfigurationError(
                problem=f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} missing",
                mend=f"For a real workspace set {', '.join(self._needed)}; for the local Slack set none of Slack's.",
            )
        return False

    @property
    def file_origins(self) -> frozenset[str]:
        """Where uploads may be fetched from: Slack's file host, or a test server itself."""
        if self.slack_file_origins:
            return frozenset(origin.rstrip("/") for origin in self.slack_file_origins)
        host = host_of(self.slack_api_url)
        return frozenset({f"https://files.{host}" if host in _SLACKS else origin_of(self.slack_api_url)})

    @property
    def authorize_url(self) -> str:
        """Where a person lets the app in (OAuth v2)."""
        return f"{origin_of(self.slack_api_url)}/oauth/v2/authorize"

    @property
    def many(self) -> bool:
        """Whether workspaces install the app themselves, by OAuth."""
        return bool(self.oauth_client_id)

    @property
    def _needed(self) -> tuple[str, ...]:
        oauth = ("EIPAS_OAUTH_CLIENT_ID", "EIPAS_OAUTH_CLIENT_SECRET", "EIPAS_ENCRYPTION_KEYS")
        identity = oauth if self.many else ("SLACK_BOT_TOKEN",)
        if self.many and self.mode == "socket":
            raise ConfigurationError(
                problem="installation by OAuth needs pages that browsers reach", mend="Set EIPAS_MODE=http"
            )
        return (*identity, "SLACK_APP_TOKEN" if self.mode == "socket" else "SLACK_SIGNING_SECRET")

    @property
    def key_file(self) -> Path:
        """Where the key that signs bundles lies."""
        return self.signing_key or self.data_dir / "signing-key.pem"

    @property
    def team_roots(self) -> Mapping[str, tuple[Path, ...]]:
        """The folders that belong to one team each, by its id."""
        found: dict[str, tuple[Path, ...]] = {}
        for entry in self.workspace_roots:
            if match := _TEAM_ROOT.fullmatch(str(entry)):
                found[match[1]] = (*found.get(match[1], ()), Path(match[2]))
        return found

    @property
    def shared_roots(self) -> tuple[Path, ...]:
        """The folders for whoever is installed: with several workspaces only by explicit choice.

        Raises:
            ConfigurationError: plain folders are set, and several workspaces would share them unasked.
        """
        plain = tuple(path for path in self.workspace_roots if not _TEAM_ROOT.fullmatch(str(path)))
        if not self.many or self.share_roots:
            return plain
        if plain and "workspace_roots" in self.model_fields_set:
            raise ConfigurationError(
                problem=f"every installed workspace would read {', '.join(map(str, plain))}",
                mend="Give each team its own as EIPAS_WORKSPACE_ROOTS=TEAM=path, or set EIPAS_SHARE_ROOTS=true",
            )
        return ()

    @property
    def model_configured(self) -> bool:
        """Whether a model can be asked: a key, an address of one's own, or a cloud provider's own credentials."""
        return bool(self.anthropic_api_key or self.model_base_url or self.model_provider != "anthropic")

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'eipas.db').resolve()}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything in here that nobody may read in a log: secrets, and the passwords in addresses."""
        values = [value for _, value in self]
        hidden = [one for value in values for one in (value if isinstance(value, tuple) else (value,))]
        found = [one.get_secret_value() for one in hidden if isinstance(one, SecretStr)]
        passwords = [
            match[1] for address in (self.database_url, self.model_base_url) if (match := _PASSWORD.search(address))
        ]
        return (*found, *passwords, *map(unquote, passwords))

    @property
    def rules(self) -> Rules:
        """The house rules."""
        return Rules(
            policy=Policy(self_approval=self.self_approval, approvers_cancel=self.cancel_by == "approvers"),
            reminders=tuple(timedelta(hours=h) for h in self.reminder_hours),
            escalate_after=timedelta(hours=self.escalation_hours) if self.escalation_hours else None,
            fallback_approvers=self.fallback_approvers,
            expire_after=timedelta(hours=self.expiry_hours) if self.expiry_hours else None,
            budget_usd=self.budget_usd,
        )
