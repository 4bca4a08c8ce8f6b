"""Settings of one process: environment variables ``KURASHI_*`` and files of ``KURASHI_SECRETS_DIR``."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_OF_WORKERS: Final = ("database_url", "broker_url")
NEEDED: Final[Mapping[str, Sequence[str]]] = {
    "web": ("database_url", "issuer_url"),
    **dict.fromkeys(("worker", "tasks", "relay", "schedule"), _OF_WORKERS),
    "migrate": ("owner_database_url",),
}
"""Process or command → the settings that have no default because none makes sense."""


class Settings(BaseSettings):
    """Everything that differs from one deployment to the next; production unless told otherwise.

    A secret may stand in a file of the secrets folder, named as its variable in lower case
    (``kurashi_database_url``), so that it is in no environment and no process list.
    """

    model_config = SettingsConfigDict(env_prefix="KURASHI_", extra="ignore", frozen=True)

    env: Literal["production", "demo", "test"] = "production"
    database_url: str = ""
    owner_database_url: str = ""
    broker_url: str = ""
    issuer_url: str = ""
    issuer_jwks: str = Field("", description="a fixed JWKS (JSON) instead of the issuer's")
    client_secret: str = ""
    signing_key: str = ""
    sealing_keys: str = Field("", description="keys that wrap the keys of sealed fields, one a line; the first wraps")
    sealing_kms_key: str = Field("", description="a key of AWS KMS that wraps them instead: its id or ARN")
    producer_keys_file: Path | None = None
    peers: dict[str, str] = Field(default_factory=dict)
    public_url: str = ""
    bind: str = "127.0.0.1"
    port: int = 8000
    worker_port: int = 0
    today: date | None = None
    clock_skew_file: Path | None = Field(None, description="holds the seconds by which the clock is to be wrong")
    traces_dir: Path | None = None
    files_dir: Path = Path("var/files")
    catalog: Path = Path(__file__).resolve().parents[2] / "catalog.toml"
    max_body_bytes: int = 64 * 1024 * 1024
    metrics_port: int = Field(0, description="where the web process tells its metrics; 0: nowhere")
    proxies: int = Field(0, ge=0, description="how many proxies of ours stand before this process and name the source")
    refusals_a_minute: int = Field(60, ge=1)
    failed_logins_a_minute: int = Field(60, ge=1)
    approvals_a_minute: int = Field(60, ge=1)
    person_a_minute: int = Field(3_000, ge=1)
    question_seconds: int = Field(
        2, ge=1, description="how long another service, or the provider, is waited for where it is asked a question"
    )
    emergencies_an_hour: int = Field(5, ge=1, description="records out of scope that one person opens in an hour")
    machine_a_minute: int = Field(60_000, ge=1)

    @model_validator(mode="after")
    def _production_has_the_true_day(self) -> "Settings":
        if self.env == "production" and self.today:
            raise ValueError("KURASHI_TODAY sets the business date by hand and is refused in production")
        if self.env == "production" and self.clock_skew_file:
            raise ValueError("KURASHI_CLOCK_SKEW_FILE makes the clock wrong and is refused in production")
        return self

    @property
    def demo(self) -> bool:
        """True where everything shown has to say DEMO."""
        return self.env != "production"


def missing_settings(settings: Settings, command: str) -> list[str]:
    """Return the variables without which a process or command makes no sense and that are not set, all at once."""
    return [f"KURASHI_{name.upper()}" for name in NEEDED.get(command, ()) if not getattr(settings, name)]


def load_settings() -> Settings:
    """Read the settings of this process.

    Raises:
        pydantic.ValidationError: a variable has no valid value; the message names it.
    """
    secrets = os.environ.get("KURASHI_SECRETS_DIR")
    return Settings(_secrets_dir=secrets) if secrets else Settings()
