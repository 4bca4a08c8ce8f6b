"""Checkpoints as signed notes: the specification's own example key, and the verifier's reading."""

from __future__ import annotations

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.verifier.notes import open_checkpoint, parse_key
from services.audit_logging.domain.log.checkpoint import PLAIN, LogKey, sign_checkpoint
from tests.audit_logging.log.memory_log import KEY, NOON

# Example key, message and signature of the reference implementation of signed notes (Go, sumdb/note).
SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
VERIFIER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
MESSAGE = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_key_and_signature_are_those_of_the_reference_implementation() -> None:
    key = LogKey("PeterNeumann", Ed25519PrivateKey.from_private_bytes(SEED))
    assert key.verifier_key == VERIFIER_KEY
    assert key.signature_line(PLAIN, key.private.sign(MESSAGE)) == SIGNATURE_LINE


def test_a_checkpoint_says_log_size_and_root_and_when() -> None:
    note = sign_checkpoint(KEY, 9700, b"r" * 32, NOON)
    assert note.split("\n")[:4] == ["kurashi/test-ward", "9700", "cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI=", ""]
    opened = open_checkpoint(note.encode(), parse_key(KEY.verifier_key), "checkpoint")
    assert (opened.origin, opened.size, opened.root) == ("kurashi/test-ward", 9700, b"r" * 32)
    assert opened.signed_at == NOON.timestamp()


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "全角\u3000空白"])
def test_a_log_without_a_proper_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        LogKey(name, KEY.private)
