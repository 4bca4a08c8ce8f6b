"""The key that signs checkpoints, and the name under which it signs."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.audit_logging.domain.checkpoint import LogKey
from shared.service_kit.settings import Settings


class LogSettings(BaseSettings):
    """What only this room is told: `KURASHI_OFFICE`, which office's log this is, and `KURASHI_LOG_KEY`, its key (PEM).

    Where no key of its own is given, the log signs with the key of the room's pages.
    """

    model_config = SettingsConfigDict(env_prefix="KURASHI_", extra="ignore", frozen=True)

    office: str = "demo-ward"
    log_key: str = ""


def load_log_key(room: Settings) -> LogKey:
    """The log's name and key; ValueError when the key is missing or not Ed25519."""
    secrets = os.environ.get("KURASHI_SECRETS_DIR")
    settings = LogSettings(_secrets_dir=secrets) if secrets else LogSettings()
    private = load_pem_private_key((settings.log_key or room.signing_key).encode(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError("KURASHI_LOG_KEY is not an Ed25519 key")
    return LogKey(f"kurashi/{settings.office}", private)
