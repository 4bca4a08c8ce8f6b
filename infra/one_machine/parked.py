"""`./kurashi parked`: what stands still in any service, since when, why; an operator (運用担当) has it tried again."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import Any, Final
from uuid import uuid4

from infra.one_machine.calls import Parser, tell
from infra.one_machine.desk import Answer, answered
from infra.one_machine.office import Office
from infra.one_machine.problems import MachineError
from infra.one_machine.progress import Steps
from infra.one_machine.stack import open_office

OPERATOR: Final = "demo-operator"
Item = dict[str, Any]
"""As the service's `GET /parked` shows it, and `service`."""


def main(arguments: Sequence[str]) -> int:
    """List what is parked, or release one; both are entries of the audit log."""
    parser = Parser("parked", "Show what stands still until a person has looked, or have it tried again.")
    parser.add_argument("act", nargs="?", choices=["list", "release"], default="list")
    parser.add_argument("id", nargs="?", metavar="ID", help="with release: of what is parked")
    parser.add_data_dir()
    parser.add_json()
    given = parser.parse_args(arguments)
    if (given.act == "release") != (given.id is not None):
        parser.error("release needs the ID of what is parked, list takes none")
    with open_office(given.data_dir, say=Steps().say) as office:
        released = release(office, given.id) if given.id else None
        items = parked_items(office)
    for item in items:
        tell(in_words(item), as_json=given.json)
    if not items:
        tell("nothing is parked", as_json=given.json)
    if given.json:
        done = {} if released is None else {"released": released}
        print(json.dumps({"ok": True, **done, "items": items}, ensure_ascii=False))
    return 0


def parked_items(office: Office) -> list[Item]:
    """What is parked in all services, oldest first; who waits for it is not known here."""
    items = [{"service": name, **item} for name in office.urls for item in _ask(office, name, "/parked")["items"]]
    return sorted(items, key=lambda item: (item["parked_at"] or "", item["service"], item["number"]))


def release(office: Office, parked_id: str) -> int:
    """Have one item tried again, as the operator; gives how many were: those of its subject behind it go with it.

    Raises:
        MachineError: nothing of that id is parked, or the service refuses and says why.
    """
    found = next((item["service"] for item in parked_items(office) if item["fact_id"] == parked_id), None)
    if found is None:
        raise MachineError(f"nothing with the id {parked_id} is parked")
    return int(_ask(office, found, f"/parked/{parked_id}/release", key=str(uuid4()))["released"])


def in_words(item: Item) -> str:
    """One line for the person at the terminal."""
    since = (item["parked_at"] or "?")[:19]
    what = f"{item['type']} {item['subject']} ({item['stream']} of {item['producer']}, number {item['number']})"
    return f"{item['fact_id']}  {item['service']} since {since}: {what}: {item['reason']}"


def _ask(office: Office, service: str, path: str, key: str = "") -> Answer:
    with closing(office.client(service, OPERATOR)) as client:
        return answered(service, path, lambda: client.post(path, key=key, json={}) if key else client.get(path))
