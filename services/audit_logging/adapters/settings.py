"""What only this room is told."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from services.audit_logging.adapters.object_store import Directory, ObjectStore


class LogSettings(BaseSettings):
    """`KURASHI_OFFICE`, which office's log this is; `KURASHI_LOG_KEY`, its key (PEM); `KURASHI_PUBLISH_DIR`.

    Where no key of its own is given, the log signs with the key of the room's pages. Where no directory is given, the
    log is published over HTTP alone.
    """

    model_config = SettingsConfigDict(env_prefix="KURASHI_", extra="ignore", frozen=True)

    office: str = "demo-ward"
    log_key: str = ""
    publish_dir: Path | None = None


def log_settings() -> LogSettings:
    """Read the settings of the log."""
    secrets = os.environ.get("KURASHI_SECRETS_DIR")
    return LogSettings(_secrets_dir=secrets) if secrets else LogSettings()


def open_store() -> ObjectStore | None:
    """Where this log is published; None where it is nowhere."""
    folder = log_settings().publish_dir
    return Directory(folder) if folder else None
