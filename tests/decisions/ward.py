"""A small synthetic ward as CSV, and its staff at a service's door."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.ward_files import HOUSEHOLDS, MEMBERS, WardColumn
from shared.service_kit.testing import Client, Reply, RunningService

HOUSEHOLD = {
    "programme": "public_assistance",
    "prefecture": "東京都",
    "municipality": "新宿区",
    "grade": "1級地-1",
    "rent": "53700",
    "district": "01",
}
MEMBER = {"name": "架空 花子", "kana": "カクウ ハナコ", "foreign": "0", "birth_date": "1979-05-01", "relation": "self"}


@dataclass
class Ward:
    """Households and members to be written as the two files; cells by column name."""

    households: list[dict[str, str]] = field(default_factory=list)
    members: list[dict[str, str]] = field(default_factory=list)

    def add(self, case: int, *members: dict[str, str], **cells: str) -> "Ward":
        """A household of number ``case`` with members, each a change to a person of 47 on 1 April 2026."""
        case_no = f"{case:08d}"
        self.households.append({**HOUSEHOLD, "case_no": case_no, **cells})
        for place, member in enumerate(members or ({},)):
            numbers = {"case_no": case_no, "person_no": f"{case * 100 + place:010d}"}
            self.members.append({**MEMBER, **numbers, **member})
        return self

    def files(self) -> dict[str, bytes]:
        """The two files as bytes."""
        return {
            "households.csv": csv(HOUSEHOLDS, self.households),
            "members.csv": csv(MEMBERS, self.members),
        }


def csv(columns: Iterable[WardColumn], rows: Iterable[dict[str, str]]) -> bytes:
    """Lines under a header, empty where a cell is not named."""
    names = [column.name for column in columns]
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


class Office:
    """The caseworker and the head at the door of one deciding service."""

    def __init__(self, running: RunningService, programme: str = "public_assistance") -> None:
        self.running, self.programme = running, programme
        self.caseworker: Client = running.client(person="demo-caseworker", roles=["caseworker"], districts=["01"])
        self.head: Client = running.client(person="demo-head", roles=["head"])

    def propose(self, ward: Ward) -> Reply:
        """Hand in the ward's files."""
        return self.caseworker.post("/imports", files=ward.files())

    def load(self, ward: Ward) -> dict[str, Any]:
        """Propose and approve; gives the import."""
        return self.approve_import(ok(self.propose(ward), 201))

    def approve_import(self, proposed: dict[str, Any]) -> dict[str, Any]:
        """The head approves an import or a correction by its hash, and it is loaded; gives it as it is then."""
        ok(self.approve_import_only(proposed), 202)
        self.running.run_tasks()
        return self.import_(proposed)

    def approve_import_only(self, proposed: dict[str, Any], sha256: str | None = None) -> Reply:
        """The head approves, and nothing is loaded yet."""
        path = f"/imports/{proposed['import_id']}/approval"
        return self.head.post(path, json={"sha256": sha256 or proposed["sha256"]})

    def import_(self, proposed: dict[str, Any]) -> dict[str, Any]:
        """How far an import is."""
        return ok(self.head.get(f"/imports/{proposed['import_id']}"))

    def open(self, month: str = "2026-12", reason: str = "monthly") -> str:
        """Open a collective determination; gives its id."""
        opened = ok(self.caseworker.post("/collective-determinations", json={"month": month, "reason": reason}), 202)
        return str(opened["collective_id"])

    def collective(self, collective_id: str) -> dict[str, Any]:
        """A collective as the caseworker sees it."""
        return ok(self.caseworker.get(f"/collective-determinations/{collective_id}"))

    def drafted(self, month: str = "2026-12") -> dict[str, Any]:
        """Open one and let the worker draft it."""
        collective_id = self.open(month)
        self.running.run_tasks()
        return self.collective(collective_id)

    def approve(self, collective: dict[str, Any], sha256: str | None = None) -> Reply:
        """The head approves what the hash names."""
        path = f"/collective-determinations/{collective['collective_id']}/approval"
        return self.head.post(path, json={"sha256": sha256 or collective["sha256"]})

    def determined(self, month: str = "2026-12") -> dict[str, Any]:
        """Draft, approve and carry out."""
        return self.determined_from(self.drafted(month))

    def determined_from(self, collective: dict[str, Any]) -> dict[str, Any]:
        """Approve what was drafted, and carry it out."""
        ok(self.approve(collective), 202)
        self.running.run_tasks()
        return self.collective(collective["collective_id"])

    def determinations(self, case: int, month: str = "2026-12") -> list[dict[str, Any]]:
        """A case's determinations of a month, newest first."""
        determinations = ok(self.caseworker.get(f"/cases/{case:08d}/determinations?purpose=enquiry&month={month}"))
        return list(determinations["items"])


def ok(reply: Reply, status: int = 200) -> dict[str, Any]:
    """The answer, which has to be the expected one."""
    assert reply.status_code == status, reply.content.decode()
    answer: dict[str, Any] = reply.json
    return answer


def problem(reply: Reply) -> str:
    """The problem's name and status."""
    return f"{reply.json['type'].removeprefix('/problems/')} {reply.status_code}"
