"""`./kurashi audit export DIR` and `./kurashi audit verify DIR`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.one_machine.commands.arguments import Parser, asks_for_help, tell
from infra.one_machine.problems import known_word


def main(arguments: Sequence[str]) -> int:
    """Run one of the two; the verifier stands alone and needs no server."""
    usage = "usage: ./kurashi audit {export|verify} DIR"
    if arguments and asks_for_help(arguments[:1]):
        print(usage)
        return 0
    if known_word(arguments, ("export", "verify"), "act of audit", usage) == "export":
        return _export(arguments[1:])
    from infra.verifier.__main__ import main as verify

    return verify(arguments)


def _export(arguments: Sequence[str]) -> int:
    from infra.one_machine.commands.audit_export import export
    from infra.one_machine.processes.stack import open_office

    parser = Parser("audit export", "Write the audit log as static tlog-tiles.")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_data_dir()
    parser.add_json()
    args = parser.parse_args(arguments)
    with open_office(args.data_dir, say=lambda words: print(words, file=sys.stderr)) as office:
        entries = export(office.urls["audit_logging"], office.token_for("audit_logging"), args.folder)
    tell(f"{entries:,} entries of the audit log are in {args.folder}", as_json=args.json)
    if args.json:
        print(json.dumps({"ok": True, "entries": entries, "folder": str(args.folder.resolve())}, ensure_ascii=False))
    return 0
