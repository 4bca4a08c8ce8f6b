"""`./kurashi bench audit`: entries a second into the tree, beside COPY of the same bytes into identical tables.

Both write to the PostgreSQL of the wheel in one run. The log takes signed pages as its worker does, each producer in a
thread of its own, from the page received to leaf, openings and tiles committed and the cursor moved, a transaction a
page; beside it stands what it takes of one producer alone. The reference is what COPY alone can do on one connection:
the rows that came of it, in the binary form in which the log too writes them, into tables of identical definition, in
one transaction.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg

from infra.one_machine.commands.arguments import Parser
from infra.one_machine.commands.testing import DATABASE, servers
from infra.one_machine.problems import CallError, MachineError
from infra.one_machine.processes.migrations import migrate_all
from infra.verifier.notes import parse_key
from infra.verifier.tree import included
from infra.verifier.verify import verify_proof
from services.audit_logging.adapters.log.log_key import load_log_key
from services.audit_logging.app import service as log_service
from services.audit_logging.domain.log.merkle import fold, leaf_hash, root
from services.audit_logging.domain.log.proofs import inclusion_proof
from services.audit_logging.use_cases.log.prove_entry import prove_entry
from services.audit_logging.worker import sign
from shared.service_kit.processes.starting import tune_gc
from shared.service_kit.provisioning.provision import provision
from shared.service_kit.runtime import Runtime
from shared.service_kit.settings import Settings
from shared.service_kit.streams import history
from shared.service_kit.streams.envelope import Envelope, id_bytes
from shared.service_kit.streams.numbering import PAGE
from shared.service_kit.streams.signing import Signer
from shared.service_kit.subscriptions.consume import take_page
from shared.service_kit.unit_of_work import unit_of_work

TABLES = ("entries", "openings", "tiles")
PRODUCERS = ("case_management", "payments")
"""Two tell at once, as in a month; the log listens to each in a thread of its own."""
UNITS_A_MIB = 1024 if sys.platform == "linux" else 1024 * 1024
"""Of a process's peak of memory, as its system counts it."""
SignedPage = tuple[bytes, str, str]


class Teller:
    """A producer that tells approved determinations, as a month is mostly made of them."""

    def __init__(self, log: Runtime, producer: str) -> None:
        keys = log.settings.producer_keys_file
        key = (keys.parents[1] / producer / "kurashi_signing_key").read_text() if keys else ""
        self.producer, self._signer, self._told = producer, Signer(key), 0
        self._history = history.BEGINNING

    def pages(self, size: int) -> list[SignedPage]:
        """The next facts in signed pages."""
        through = self._told + size
        starts = range(self._told + 1, through + 1, PAGE)
        self._told = through
        return [self._page(start, min(start + PAGE - 1, through)) for start in starts]

    def _page(self, start: int, through: int) -> SignedPage:
        facts = [_fact(self.producer, number) for number in range(start, through + 1)]
        head = {"producer": self.producer, "stream": "facts", "epoch": "bench", "from": start, "through": through}
        head["before"] = self._history.hex()
        self._history = history.histories(self._history, (id_bytes(json.loads(fact)) for fact in facts))[-1]
        body = (json.dumps(head)[:-1] + f', "facts": [{",".join(facts)}]}}').encode()
        return body, self._signer.key_id, self._signer.sign(body)


def main(argv: Sequence[str]) -> int:
    """Run the bench and print its figures."""
    parser = Parser("bench audit", __doc__)
    parser.add_argument("--size", type=int, default=40_000, help="entries a measurement")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--tree", type=int, default=0, metavar="N", help="also prove in a tree of N leaves, built so")
    parser.add_json()
    args = parser.parse_args(argv)
    if args.size < 1 or args.repeats < 1 or args.tree < 0:
        raise CallError("--size and --repeats are 1 or more, --tree 0 or more")
    with _log() as log:
        measured = measure(log, args.size, args.repeats)
    if args.tree:
        measured["details"] = {**measured["details"], "tree": _large_tree(args.tree)}  # type: ignore[dict-item]
    print(f"{args.size:,} entries in {measured['seconds']} s, COPY {measured['reference_seconds']} s", file=sys.stderr)
    if args.json:
        print(json.dumps({"ok": True, **measured}, ensure_ascii=False))
    return 0


def measure(log: Runtime, size: int, repeats: int) -> dict[str, object]:
    """So many measurements of `size` entries each, side by side: of all producers, the reference, and of one alone.

    The machine's pace changes from one second to the next, so each measurement is compared with the reference beside
    it; seconds and ratios are medians.
    """
    tellers = [Teller(log, producer) for producer in PRODUCERS]
    shares = [size // len(tellers)] * (len(tellers) - 1)
    shares.append(size - sum(shares))
    ours, alone, theirs = list[float](), list[float](), list[float]()
    for repeat in range(repeats):
        ours.append(_taken(log, dict(zip(tellers, shares, strict=True))))
        rows = _rows(log, 2 * repeat * size, size)
        theirs.append(_copy(log, rows))
        alone.append(_taken(log, {tellers[0]: size}))
    seconds, reference = median(ours), median(theirs)
    return {
        "name": "audit",
        "size": size,
        "households": None,
        "persons": None,
        "seconds": round(seconds, 4),
        "reference": "COPY of the same bytes into tables of identical definition, same server, same run",
        "reference_seconds": round(reference, 4),
        "ratio": _ratio(theirs, ours),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNITS_A_MIB, 1),
        "details": {
            **_paces(size, ours, alone, theirs),
            "bytes_an_entry": round(sum(map(len, rows.values())) / size),
            "producers": len(tellers),
            "page": PAGE,
            "repeats": repeats,
            "load": [round(load, 2) for load in os.getloadavg()],
            **_proofs(log, tellers[0], 2 * repeats * size),
        },
    }


def _paces(size: int, ours: Sequence[float], alone: Sequence[float], theirs: Sequence[float]) -> dict[str, object]:
    """Entries a second and every measurement: of all producers, of one alone, of the reference."""
    return {
        "entries_per_second": round(size / median(ours)),
        "reference_entries_per_second": round(size / median(theirs)),
        "one_producer_entries_per_second": round(size / median(alone)),
        "one_producer_ratio": _ratio(theirs, alone),
        "best_entries_per_second": round(size / min(ours)),
        "best_ratio": round(min(theirs) / min(ours), 3),
        "all_seconds": [round(seconds, 3) for seconds in ours],
        "all_one_producer_seconds": [round(seconds, 3) for seconds in alone],
        "all_reference_seconds": [round(seconds, 3) for seconds in theirs],
    }


def _ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    return round(median(reference / taken for reference, taken in zip(theirs, ours, strict=True)), 3)


def _taken(log: Runtime, counts: dict[Teller, int]) -> float:
    """Seconds from so many facts of each producer received, in signed pages, to leaves in the tree."""
    pages = {teller.producer: teller.pages(count) for teller, count in counts.items()}
    return _seconds(lambda: _take(log, pages))


@contextmanager
def _log() -> Iterator[Runtime]:
    """A log of its own on the wheel's PostgreSQL, durable as in a run."""
    with tempfile.TemporaryDirectory(prefix="kurashi-bench-") as home, servers(Path(home), durable=True) as addresses:
        secrets, url = Path(home) / "secrets", addresses[DATABASE]
        port = int(psycopg.conninfo.conninfo_to_dict(url)["port"] or 0)
        provision(url, secrets, [log_service.name, *PRODUCERS], "127.0.0.1", port)
        migrate_all(secrets, [log_service.name])
        own = secrets / log_service.name
        settings = Settings(
            env="test",
            database_url=(own / "kurashi_database_url").read_text(),
            owner_database_url=(secrets / f"{log_service.name}_owner" / "kurashi_owner_database_url").read_text(),
            signing_key=(own / "kurashi_signing_key").read_text(),
            producer_keys_file=secrets / "public" / "producer_keys.json",
        )
        log = log_service.runtime(settings)
        tune_gc()
        try:
            yield log
        finally:
            log.engine.dispose()


def _fact(producer: str, number: int) -> str:
    data = {
        "determination_id": str(uuid4()),
        "case_no": f"{number % 10**8:08}",
        "programme": "public_assistance",
        "month": "2026-12",
        "kinds": {"livelihood": 76_880, "housing": 53_700},
        "covers": [{"person_no": f"{number:010}", "need": "livelihood", "from": "2026-12-01", "to": "2026-12-31"}],
        "replaces": None,
        "proposer": "person:demo-caseworker",
        "approver": "person:demo-head",
    }
    return Envelope(
        id=uuid4(),
        type="determination.approved.v1",
        source=producer,
        subject=f"case:{number % 10**8:08}",
        time=datetime.now(UTC),
        actor="person:demo-head",
        correlation="4b0d0d52-6b1f-5a4e-9e8e-0d8f3c1a2b3c",
        causation=None,
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        data=data,
    ).to_json()


def _take(log: Runtime, pages: dict[str, list[SignedPage]]) -> None:
    """Take the pages of each producer, each in a thread of its own as in the worker."""

    def listen(producer: str) -> None:
        subscription = next(
            candidate
            for candidate in log_service.subscriptions
            if (candidate.producer, candidate.stream) == (producer, "facts")
        )
        for page in pages[producer]:
            if not take_page(log, subscription, *page):
                raise MachineError(f"the log does not take a page of {producer}")

    with ThreadPoolExecutor(max_workers=len(pages)) as listeners:
        list(listeners.map(listen, pages))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _rows(log: Runtime, first: int, size: int) -> dict[str, bytes]:
    """The rows of these entries as COPY writes them."""
    within = f"BETWEEN {first} AND {first + size - 1}"
    where = {"entries": f"index {within}", "openings": f"entry_index {within}"}
    where["tiles"] = f"level = 0 AND index >= {first // 256} AND index < {(first + size) // 256}"
    with psycopg.connect(log.settings.owner_database_url) as owner:
        return {table: _copied(owner, table, where[table]) for table in TABLES}


def _copied(owner: psycopg.Connection, table: str, where: str) -> bytes:
    statement = f"COPY (SELECT * FROM {table} WHERE {where}) TO STDOUT (FORMAT binary)"  # noqa: S608
    with owner.cursor().copy(statement.encode()) as copy:
        return b"".join(bytes(part) for part in copy)


def _copy(log: Runtime, rows: dict[str, bytes]) -> float:
    """Seconds to copy the rows into tables that grow as the log's own do."""
    with psycopg.connect(log.settings.owner_database_url) as owner:
        for table in TABLES:
            owner.execute(f"CREATE TABLE IF NOT EXISTS reference_{table} (LIKE {table} INCLUDING ALL)".encode())
        known = owner.execute(b"SELECT 1 FROM pg_constraint WHERE conname = 'reference_openings_entry'").fetchone()
        if known is None:
            owner.execute(
                b"ALTER TABLE reference_openings ADD CONSTRAINT reference_openings_entry "
                b"FOREIGN KEY (entry_index) REFERENCES reference_entries (index)"
            )
        owner.commit()
        began = time.perf_counter()
        for table, data in rows.items():
            with owner.cursor().copy(f"COPY reference_{table} FROM STDIN (FORMAT binary)".encode()) as copy:
                copy.write(data)
        owner.commit()
        return time.perf_counter() - began


def _proofs(log: Runtime, teller: Teller, size: int) -> dict[str, object]:
    """Milliseconds from a page of one received to its signed checkpoint, to prove an entry, and to verify the proof."""
    reached, proved, verified = list[float](), list[float](), list[float]()
    for _ in range(100):
        pages = {teller.producer: teller.pages(1)}
        began = time.perf_counter()
        _take(log, pages)
        sign(log)
        reached.append(time.perf_counter() - began)
    key = parse_key(load_log_key(log.settings).verifier_key)
    for index in range(0, size, max(1, size // 50)):
        with unit_of_work(log, actor="service:audit_logging", correlation="") as work:
            began = time.perf_counter()
            proof = prove_entry(work, index).encode()
            proved.append(time.perf_counter() - began)
            leaf = _leaf(log, index)
        verified.append(_seconds(lambda proof=proof, leaf=leaf: verify_proof(proof, leaf, key)))  # type: ignore[misc]
    return {
        "page_to_checkpoint_p99_ms": _ms(sorted(reached)[98]),
        "prove_ms": _ms(sorted(proved)[len(proved) // 2]),
        "verify_proof_ms": _ms(sorted(verified)[len(verified) // 2]),
        "tree": None,
    }


def _leaf(log: Runtime, index: int) -> bytes:
    with psycopg.connect(log.settings.owner_database_url) as owner:
        return bytes(owner.execute(b"SELECT leaf FROM entries WHERE index = %s", [index]).fetchall()[0][0])


def _large_tree(size: int) -> dict[str, object]:
    """A tree of so many leaves built directly; milliseconds to prove and to verify (medians of 100)."""
    began = time.perf_counter()
    levels = [b"".join(leaf_hash(number.to_bytes(8, "big")) for number in range(size))]
    while len(levels[-1]) >= 32 * 256:
        row = levels[-1]
        tiles = (row[at : at + 8192] for at in range(0, len(row) // 8192 * 8192, 8192))
        levels.append(b"".join(fold([tile[i : i + 32] for i in range(0, 8192, 32)]) for tile in tiles))

    def hashes(level: int, first: int, count: int) -> list[bytes]:
        return [levels[level][32 * i : 32 * i + 32] for i in range(first, first + count)]

    head = root(hashes, size)
    built = time.perf_counter() - began
    proved, verified = list[float](), list[float]()
    for index in range(0, size, max(1, size // 100)):
        began = time.perf_counter()
        proof = inclusion_proof(hashes, index, size)
        proved.append(time.perf_counter() - began)
        began = time.perf_counter()
        if not included(leaf_hash(index.to_bytes(8, "big")), index, size, proof, head):
            raise AssertionError(f"the proof of leaf {index} does not hold")
        verified.append(time.perf_counter() - began)
    middle = len(proved) // 2
    times = {"prove_ms": _ms(sorted(proved)[middle]), "verify_ms": _ms(sorted(verified)[middle])}
    return {"leaves": size, "build_seconds": round(built, 1), **times}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
