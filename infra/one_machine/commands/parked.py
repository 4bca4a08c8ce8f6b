"""`./kurashi parked`: what stands still in any service, since when, why; an operator (運用担当) has it tried again."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import Any, Final
from uuid import uuid4

from infra.one_machine.commands.arguments import Parser, tell
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office
from infra.one_machine.processes.stack import open_office
from infra.one_machine.progress import Steps
from infra.one_machine.staff.answering import ISSUER, silent
from infra.one_machine.staff.staff_session import Answer, answered

OPERATOR: Final = "demo-operator"
Item = dict[str, Any]
"""As the service's `GET /parked` shows it, and `service`."""


def main(arguments: Sequence[str]) -> int:
    """List what is parked, or release one; both are entries of the audit log. 1 where a service does not answer."""
    parser = Parser("parked", "Show what stands still until a person has looked, or have it tried again.")
    parser.add_argument("act", nargs="?", choices=["list", "release"], default="list")
    parser.add_argument("id", nargs="?", metavar="ID", help="with release: of what is parked")
    parser.add_data_dir()
    parser.add_json()
    args = parser.parse_args(arguments)
    if (args.act == "release") != (args.id is not None):
        parser.error("release needs the ID of what is parked, list takes none")
    with open_office(args.data_dir, say=Steps().say) as office:
        released = release(office, args.id) if args.id else None
        away = silent(office)
        items = parked_items(office, away)
    for words in (
        *(f"{name} does not answer: nobody knows what is parked there" for name in away),
        *map(in_words, items),
    ):
        tell(words, as_json=args.json)
    if not items and not away:
        tell("nothing is parked", as_json=args.json)
    if args.json:
        done = {} if released is None else {"released": released}
        print(json.dumps({"ok": not away, **done, "items": items, "away": away}, ensure_ascii=False))
    return 1 if away else 0


def parked_items(office: Office, away: Sequence[str] = ()) -> list[Item]:
    """What is parked in all services but those that are away, oldest first; who waits for it is not known here."""
    asked = [] if ISSUER in away else [name for name in office.urls if name not in away]
    items = [{"service": name, **item} for name in asked for item in _list(office.in_hurry(), name)]
    return sorted(items, key=lambda item: (item["parked_at"] or "", item["service"], item["number"]))


def release(office: Office, parked_id: str) -> int:
    """Have one item tried again, as the operator; gives how many were: those of its subject behind it go with it.

    Raises:
        MachineError: nothing of that id is parked, or the service refuses and says why.
    """
    away = silent(office)
    holder = next((item["service"] for item in parked_items(office, away) if item["fact_id"] == parked_id), None)
    if holder is None and away:
        raise MachineError(f"{', '.join(away)} does not answer: nobody knows whether {parked_id} is parked there")
    if holder is None:
        raise MachineError(f"nothing with the id {parked_id} is parked")
    path, key = f"/parked/{parked_id}/release", str(uuid4())
    with closing(office.client(holder, OPERATOR)) as client:
        return int(answered(holder, path, lambda: client.post(path, key=key, json={}))["released"])


def in_words(item: Item) -> str:
    """One line for the person at the terminal."""
    since = f"{item['parked_at'][:19].replace('T', ' ')} UTC" if item["parked_at"] else "?"
    what = f"{item['type']} {item['subject']} ({item['stream']} of {item['producer']}, number {item['number']})"
    return f"{item['fact_id']}  {item['service']} since {since}: {what}: {item['reason']}"


def _list(office: Office, service: str) -> list[Answer]:
    with closing(office.client(service, OPERATOR)) as client:
        return list(answered(service, "/parked", lambda: client.get("/parked"), office.patience)["items"])
