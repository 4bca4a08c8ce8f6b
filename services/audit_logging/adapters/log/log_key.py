"""The key that signs checkpoints, and the name under which it signs."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from services.audit_logging.adapters.log.settings import log_settings
from services.audit_logging.domain.log.checkpoint import LogKey
from shared.service_kit.settings import Settings


def load_log_key(service: Settings) -> LogKey:
    """The log's name and key; ValueError when the key is missing or not Ed25519."""
    settings = log_settings()
    private = load_pem_private_key((settings.log_key or service.signing_key).encode(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise ValueError("KURASHI_LOG_KEY is not an Ed25519 key")
    return LogKey(f"kurashi/{settings.office}", private)
