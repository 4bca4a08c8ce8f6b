"""Settings of the log alone."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.audit_logging.adapters.log.object_store import Directory, ObjectStore


class LogSettings(BaseSettings):
    """`KURASHI_OFFICE`, which office's log this is; `KURASHI_LOG_KEY`, its key (PEM); where it is published.

    The log signs with the key of the service's pages where no key of its own is given. It is published into the
    directory and the bucket that are named; where none is, over HTTP alone. The worker alone is given the bucket.
    """

    model_config = SettingsConfigDict(env_prefix="KURASHI_", extra="ignore", frozen=True)

    office: str = "demo-ward"
    log_key: str = ""
    publish_dir: Path | None = None
    publish_bucket: str = ""
    publish_prefix: str = ""
    publish_years: int = Field(10, ge=1, description="how long the bucket has to lock what is published")


def log_settings() -> LogSettings:
    """Read the settings of the log."""
    secrets = os.environ.get("KURASHI_SECRETS_DIR")
    return LogSettings(_secrets_dir=secrets) if secrets else LogSettings()


def published_folder() -> ObjectStore | None:
    """The directory that the log is published into; None where this process sees none."""
    folder = log_settings().publish_dir
    return Directory(folder) if folder else None


def published_bucket() -> ObjectStore | None:
    """The bucket that the log is published into; None where this process is given none.

    Raises:
        NotLockedError: it does not lock what is published.
    """
    settings = log_settings()
    if not settings.publish_bucket:
        return None
    return _bucket(settings.publish_bucket, settings.publish_prefix, settings.publish_years)


@cache
def _bucket(name: str, prefix: str, years: int) -> ObjectStore:
    from services.audit_logging.adapters.log.bucket import Bucket

    return Bucket(name, prefix, years)
