"""A bucket (S3) as the store: written once by conditional writes, and locked by the bucket itself for years.

The lock is the bucket's default retention, which its owner sets and the publisher's login cannot change. Every version
of the checkpoint is kept; partial tiles stay beside the full one until their retention ends.
"""

from __future__ import annotations

from typing import Any

from services.audit_logging.adapters.log.object_store import AlteredError

LOST = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
MISSING = frozenset({"NoSuchKey", "404"})
SECONDS = {"connect_timeout": 3, "read_timeout": 20}


class NotLockedError(Exception):
    """The bucket would let somebody delete what is published: nothing is written to it."""


class Bucket:
    """A bucket with object lock. Login, region and address as boto3 finds them: they are the publisher's alone.

    Args:
        years: how long nobody, its owner neither, may be able to delete a version (COMPLIANCE).

    Raises:
        NotLockedError: the bucket does not lock new objects for that long.
    """

    def __init__(self, name: str, prefix: str, years: int) -> None:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import ClientError

        self._s3: Any = boto3.client("s3", config=Config(**SECONDS, retries={"max_attempts": 2}))
        self._refused: type[Exception] = ClientError
        self._name, self._prefix = name, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._check_lock(years)

    def read(self, name: str) -> bytes | None:
        """The bytes of the newest version; None where there is none."""
        return self._get(name)[0]

    def create(self, name: str, data: bytes) -> None:
        """Write an object once; AlteredError when it is there with other bytes."""
        if self._put(name, data, IfNoneMatch="*"):
            return
        if self.read(name) != data:
            raise AlteredError(name)

    def replace(self, name: str, data: bytes, before: bytes | None) -> bool:
        """Write a new version, if the newest still is what it was `before`: who comes late changes nothing."""
        there, tag = self._get(name)
        if there != before:
            return False
        return self._put(name, data, **({"IfNoneMatch": "*"} if before is None else {"IfMatch": tag}))

    def remove_below(self, name: str) -> None:
        """Remove nothing: what is locked stays, and the verifier reads it as what the log had then."""

    def _get(self, name: str) -> tuple[bytes | None, str]:
        try:
            response = self._s3.get_object(Bucket=self._name, Key=self._prefix + name)
        except self._refused as refused:
            if _code(refused) in MISSING:
                return None, ""
            raise
        return response["Body"].read(), response["ETag"]

    def _put(self, name: str, data: bytes, **condition: str) -> bool:
        try:
            self._s3.put_object(Bucket=self._name, Key=self._prefix + name, Body=data, **condition)
        except self._refused as refused:
            if _code(refused) in LOST:
                return False
            raise
        return True

    def _check_lock(self, years: int) -> None:
        try:
            configuration = self._s3.get_object_lock_configuration(Bucket=self._name)["ObjectLockConfiguration"]
        except self._refused as refused:
            if _code(refused) != "ObjectLockConfigurationNotFoundError":
                raise
            configuration = {}
        rule = configuration.get("Rule", {}).get("DefaultRetention", {})
        if rule.get("Mode") != "COMPLIANCE" or _days(rule) < 365 * years:
            raise NotLockedError(f"the bucket does not lock new objects in COMPLIANCE mode for {years} years")


def _days(rule: dict[str, Any]) -> int:
    return int(rule.get("Days") or 365 * int(rule.get("Years") or 0))


def _code(refused: Any) -> str:
    return str(refused.response["Error"]["Code"])
