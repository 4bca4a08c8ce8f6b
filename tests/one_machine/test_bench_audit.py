"""What the bench of the log tells has the form of a page: what is dropped would be measured as taken."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.one_machine.commands.bench_audit import Teller
from shared.service_kit.streams import history
from shared.service_kit.streams.envelope import id_bytes
from shared.service_kit.subscriptions.pages import Page


def test_a_page_of_the_bench_goes_on_from_the_one_before(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "payments").mkdir()
    (tmp_path / "payments" / "kurashi_signing_key").write_bytes(key)
    keys = tmp_path / "public" / "producer_keys.json"
    log = cast(Any, SimpleNamespace(settings=SimpleNamespace(producer_keys_file=keys)))
    teller = Teller(log, "payments")
    (first,), (second,) = teller.pages(2), teller.pages(1)
    one, two = (Page.model_validate_json(body) for body, _, _ in (first, second))
    assert (one.first, one.through, two.first) == (1, 2, 3)
    assert one.known == history.BEGINNING
    assert two.known == history.histories(one.known, map(id_bytes, one.facts))[-1]
