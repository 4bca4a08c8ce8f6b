"""The key that wraps a service's data keys: in a file of its secrets, or in AWS KMS."""

import hashlib
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final, Protocol

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.service_kit.settings import Settings

KEY_FILE: Final = "kurashi_sealing_keys"
PLACE: Final = f"the file {KEY_FILE} of KURASHI_SECRETS_DIR"
_NONCE: Final = 12

Context = Mapping[str, str]
"""What a wrapped key is bound to: the service and the number of the data key."""


class KeyMissing(RuntimeError):
    """The key that wraps the data keys is not there, or is another; says where it belongs."""


class WrappingKey(Protocol):
    """Wraps data keys; never leaves where it lives."""

    @property
    def id(self) -> str:
        """Names the key that wraps now."""

    @property
    def place(self) -> str:
        """Where the key is kept, for messages."""

    def knows(self, wrapped_by: str) -> bool:
        """True where this holds the key of that id."""

    def wrap(self, key: bytes, context: Context) -> bytes:
        """A data key, wrapped by the key ``id`` and bound to ``context``."""

    def unwrap(self, wrapped_by: str, wrapped: bytes, context: Context) -> bytes:
        """The data key.

        Raises:
            KeyMissing: it was altered, or wrapped for something else.
        """


class FileKeys:
    """Keys of a local file, one a line in base64: the first wraps, the others only unwrap until they are taken out."""

    place = PLACE

    def __init__(self, lines: str) -> None:
        self._keys = {_id_of(raw): AESGCM(raw) for raw in map(_raw, lines.split())}
        if not self._keys:
            raise KeyMissing(f"{PLACE} holds no key")
        self.id = next(iter(self._keys))

    def knows(self, wrapped_by: str) -> bool:
        """True where a line of the file is that key."""
        return wrapped_by in self._keys

    def wrap(self, key: bytes, context: Context) -> bytes:
        """Wrapped by the first line."""
        nonce = os.urandom(_NONCE)
        return nonce + self._keys[self.id].encrypt(nonce, key, rfc8785.dumps(dict(context)))

    def unwrap(self, wrapped_by: str, wrapped: bytes, context: Context) -> bytes:
        """Unwrapped by the line that wrapped it."""
        try:
            nonce, body = wrapped[:_NONCE], wrapped[_NONCE:]
            return self._keys[wrapped_by].decrypt(nonce, body, rfc8785.dumps(dict(context)))
        except InvalidTag:
            raise KeyMissing(f"a data key wrapped by {wrapped_by} was altered: restore the table data_keys") from None


class KmsKey:
    """A key of AWS KMS; the service may only encrypt and decrypt with it. Region and login as boto3 finds them."""

    def __init__(self, key_id: str, client: Any = None) -> None:
        if client is None:
            import boto3

            client = boto3.client("kms")
        self._client, self.id = client, f"kms:{key_id}"
        self.place = "AWS KMS (KURASHI_SEALING_KMS_KEY)"

    def knows(self, wrapped_by: str) -> bool:
        """KMS finds the key of what it encrypted by itself: a former one as well, while it exists."""
        return wrapped_by.startswith("kms:")

    def wrap(self, key: bytes, context: Context) -> bytes:
        """Encrypted by KMS, with the context as its own records show it."""
        key_id = self.id.removeprefix("kms:")
        answer = self._client.encrypt(KeyId=key_id, Plaintext=key, EncryptionContext=dict(context))
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped_by: str, wrapped: bytes, context: Context) -> bytes:
        """Decrypted by KMS under the key that wrapped it."""
        from botocore.exceptions import ClientError

        key_id = wrapped_by.removeprefix("kms:")
        try:
            answer = self._client.decrypt(KeyId=key_id, CiphertextBlob=wrapped, EncryptionContext=dict(context))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise KeyMissing(f"AWS KMS did not unwrap a data key of {wrapped_by}: {code}") from None
        return bytes(answer["Plaintext"])


def wrapping_key(settings: Settings) -> WrappingKey:
    """The key that the settings name: KMS where a key of it is named, else the file.

    Raises:
        KeyMissing: neither is there.
    """
    if settings.sealing_kms_key:
        return KmsKey(settings.sealing_kms_key)
    if not settings.sealing_keys:
        raise KeyMissing(
            f"there is no key to seal fields with: {PLACE} is missing. Put the office's own back; only where nothing "
            "was sealed yet, let shared.service_kit.provisioning.provision make one (docs/sealing.md)",
        )
    return FileKeys(settings.sealing_keys)


def new_key() -> str:
    """A fresh line of a key file."""
    return b64encode(AESGCM.generate_key(256)).decode()


def _raw(line: str) -> bytes:
    try:
        raw = b64decode(line, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise KeyMissing(f"a line of {PLACE} is not a key: 32 bytes in base64")
    return raw


def _id_of(raw: bytes) -> str:
    return "file:" + hashlib.sha256(b"kurashi sealing key\0" + raw).hexdigest()[:16]
