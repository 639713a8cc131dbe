"""Settings, from the environment or from `.env`; each is explained in `.env.example`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from app import design

CONTRACT = Path(__file__).resolve().parents[2] / "openapi.yaml"


class Settings(BaseSettings):
    """Everything that differs between deployments."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str = "postgresql://service@localhost/service"
    database_role: str = "service_app"
    """Role that every connection takes on: it owns nothing, so that row level security holds for it."""
    pool_min: int = 2
    pool_max: int = 10
    token_issuer: str = "https://identity.example.com"  # noqa: S105
    token_audience: str = design.AUDIENCE
    token_jwks_url: str = ""
    token_public_key_file: str = ""
    token_private_key_file: str = ""
    """Signs the tokens that this service gives itself, where people sign in with a password or have a session."""
    claim_user: str = "sub"
    claim_tenant: str = "tenant_id"
    claim_roles: str = "roles"
    client_certificate_header: str = ""
    """Header in which the proxy that ends TLS names the certificate's subject; empty: certificates are refused."""
    rate_limit_per_minute: int = design.RATE_LIMIT_PER_MINUTE
    max_body_bytes: int = 2_000_000
    cors_origins: list[str] = []
    webhook_secrets: dict[str, dict[str, str]] = {}
    """Per operation that receives signed calls: a tenant (or "*") and the secret shared with the sender."""
    worker: bool = True
    log_level: str = "INFO"


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
