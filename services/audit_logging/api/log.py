"""The published log: checkpoint, key, tiles, entry bundles, proofs. Nothing here names a person."""

from __future__ import annotations

from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.api.schemas import Positions
from services.audit_logging.use_cases.log import read_log
from services.audit_logging.use_cases.log.prove_entry import prove_entry
from shared.service_kit.http.idempotency import Answer
from shared.service_kit.http.routing import Routes
from shared.service_kit.unit_of_work import UnitOfWork

routes = Routes("log")

TEXT = "text/plain; charset=utf-8"
NEWEST = {"Cache-Control": "no-cache"}
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


@routes.get("/log/checkpoint", permission="log.read")
def read_checkpoint(work: UnitOfWork) -> Answer:
    """The newest signed tree head (signed note)."""
    return Answer(body=read_log.read_checkpoint(work), content_type=TEXT, headers=NEWEST)


@routes.get("/log/key.pub", permission="log.read")
def read_public_key(work: UnitOfWork) -> Answer:
    """The log's public key as a note verifier key; to prove anything, it has to come from elsewhere too."""
    return Answer(body=f"{load_log_key(work.runtime.settings).verifier_key}\n".encode(), content_type=TEXT)


@routes.get("/log/tile/<path:tile>", permission="log.read")
def read_tile(work: UnitOfWork, tile: str) -> Answer:
    """A tile of hashes, or an entry bundle under `entries/`."""
    return Answer(body=read_log.read_tile(work, tile), headers=FOR_EVER)


@routes.get("/log/proof/<index>", permission="log.read")
def read_proof(work: UnitOfWork, index: int) -> Answer:
    """The proof that the entry at this index is in the signed log (c2sp.org/tlog-proof)."""
    return Answer(body=prove_entry(work, index).encode(), content_type=TEXT)


@routes.get("/log/positions", permission="log.read")
def read_log_positions(work: UnitOfWork) -> Positions:
    """How far the log has come in every stream, and how much is signed."""
    return Positions.model_validate(read_log.positions(work))
