"""`python -m infra.verifier`: verify a published log, a proof or an export with a public key; witness a log."""

from __future__ import annotations

import argparse
import json
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from infra.verifier.export import verify_export
from infra.verifier.fault import Fault, refusing
from infra.verifier.notes import WITNESS, Key, parse_key
from infra.verifier.verify import Verdict, verify_log, verify_proof
from infra.verifier.watch import standing, watch
from infra.verifier.witness import Witness


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all holds, 1 when it does not, 2 when the call is wrong."""
    call = _parser().parse_args(argv)
    if call.command == "witness" and call.every:
        return watch(Witness(call.state, call.name), call.folder, call.key, call.every)
    if call.command == "witnessed":
        return _witnessed(call.state, call.within)
    try:
        with refusing("what was given"):
            verdict = _run(call)
    except Fault as fault:
        return _refuse(call, fault)
    _say(call, verdict)
    return 0


def _say(call: argparse.Namespace, verdict: Verdict) -> None:
    head = verdict.checkpoint
    signed_at = datetime.fromtimestamp(head.signed_at, UTC).isoformat()
    root = b64encode(head.root).decode()
    print(
        f"{_holds(call, verdict)}: {head.origin}, {head.size} entries, root {root}, signed at {signed_at}",
        file=sys.stderr,
    )
    if call.json:
        answer = {"ok": True, "origin": head.origin, "entries": head.size, "root": root, "signed_at": signed_at}
        details = {name: getattr(verdict, name) for name in ("entry", "rows", "compared", "sha256")}
        print(json.dumps({**answer, **{name: detail for name, detail in details.items() if detail is not None}}))


def _holds(call: argparse.Namespace, verdict: Verdict) -> str:
    if call.command == "witness":
        return "co-signed"
    if verdict.rows is not None:
        return f"all {verdict.rows} rows are in the log as they stand, sha256 {verdict.sha256}"
    if verdict.entry is not None:
        return f"entry {verdict.entry} is in the log"
    if verdict.compared is not None:
        return f"the log holds, and begins with each of {verdict.compared} older checkpoints"
    return "the log holds (compared with no older checkpoint)"


def _run(call: argparse.Namespace) -> Verdict:
    if call.command == "verify":
        return verify_log(call.folder, _key(call.key, call.folder), call.since, _witness(call.witness))
    if call.command == "witness":
        return Verdict(Witness(call.state, call.name).cosign(call.folder, call.key))
    if call.command == "export":
        return verify_export(call.file, _key(call.key, call.file.parent))
    return verify_proof(_bytes(call.proof), _bytes(call.entry), _key(call.key, call.proof.parent))


def _witnessed(state: Path, within: int) -> int:
    now = standing(state)
    print(json.dumps(asdict(now) if now else None))
    return int(now is None or not now.holds(time.time(), within))


def _key(path: Path | None, folder: Path) -> Key:
    if path is None:
        path = folder / "key.pub"
        print(f"warning: taking {path}: a key that lies beside the log proves nothing", file=sys.stderr)
    try:
        return parse_key(_bytes(path).decode())
    except UnicodeDecodeError as error:
        raise Fault("key", f"{path} is not a public key", file=str(path)) from error


def _witness(path: Path | None) -> Key | None:
    return parse_key(_bytes(path).decode(errors="replace"), WITNESS) if path else None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault("file-missing", f"{path} cannot be read", file=str(path)) from error


def _refuse(call: argparse.Namespace, fault: Fault) -> int:
    print(f"REFUSED ({fault.problem}): {fault}", file=sys.stderr)
    if call.json:
        details = {"first_bad_entry": fault.entry, "file": fault.file}
        print(json.dumps({"ok": False, "problem": fault.problem, "detail": fault.detail, **details}))
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="audit", description="Verifies the audit log (監査ログ) of Kurashi.")
    commands = parser.add_subparsers(dest="command", required=True)
    log = commands.add_parser("verify", help="check every file of an exported log")
    log.add_argument("folder", type=Path, metavar="DIR")
    log.add_argument(
        "--since",
        type=Path,
        metavar="CHECKPOINT",
        help="an older checkpoint that was kept elsewhere, or a folder of them",
    )
    log.add_argument("--witness", type=Path, metavar="PUB", help="who must have co-signed the older checkpoint")
    witness = commands.add_parser("witness", help="co-sign a log's checkpoint if it follows what was seen before")
    witness.add_argument("folder", type=Path, metavar="DIR")
    witness.add_argument("state", type=Path, metavar="STATE", help="the witness's own folder: its key, what it saw")
    witness.add_argument("--name", default="kurashi-witness", help="under which it signs; taken when its key is made")
    witness.add_argument("--every", type=float, metavar="SECONDS", help="go on until told to stop")
    witnessed = commands.add_parser("witnessed", help="whether a witness that goes on co-signed lately")
    witnessed.add_argument("state", type=Path, metavar="STATE")
    witnessed.add_argument("--within", type=int, default=60, metavar="SECONDS")
    proof = commands.add_parser("proof", help="check that one entry is in the log")
    proof.add_argument("proof", type=Path, metavar="PROOF")
    proof.add_argument("entry", type=Path, metavar="ENTRY")
    export = commands.add_parser("export", help="check every row of an export for the privacy board")
    export.add_argument("file", type=Path, metavar="ZIP")
    for command in (log, witness, proof, export):
        command.add_argument("--key", type=Path, metavar="PUB", help="the log's public key, from a trusted place")
        command.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    return parser


if __name__ == "__main__":
    sys.exit(main())
