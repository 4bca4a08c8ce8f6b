"""An office that has somebody under two numbers: by hand at the counter, and by the ward's file."""

from typing import Any

from shared.service_kit.testing import Client, Reply, RunningService
from tests.case_management.intake.desk import Desk
from tests.decisions.ward import Office, Ward, ok

LOOK = "purpose=casework"
HER: dict[str, Any] = {"name": "渡辺 花子", "kana": "ワタナベ ハナコ", "reason": "outside_the_register"}
HERE, WARDS = "9900000001", "0000000100"
PHONE: dict[str, Any] = {
    "fact": "contact",
    "kind": "telephone",
    "content": {"text": "03-5555-0101"},
    "reason": "declaration",
}
WHY = "本人の申出。生年月日と電話番号が同じ"


class TwoNumbers(Desk):
    """She is HERE by hand and WARDS by the ward's file, with one telephone number; two who decide."""

    def __init__(self, running: RunningService) -> None:
        super().__init__(running)
        self.office = Office(running)
        self.other_head: Client = running.client(person="head-2", roles=["head"])
        her = {"name": "渡邉 花子", "kana": "ワタナベ ハナコ", "birth_date": "1950-03-01"}
        ward = Ward().add(1, her, caseworker="worker-7")
        self.office.load(ward.add(2, {"name": "仮 太郎", "kana": "カリ タロウ", "birth_date": "1960-01-01"}))
        assert ok(self.interviewer.post("/residents", HER), 201)["person_no"] == HERE
        for number in (HERE, WARDS):
            self.reach(number)

    def reach(self, number: str, by: Client | None = None, **body: Any) -> Reply:
        """Record by what somebody is reached."""
        return (by or self.interviewer).post(f"/residents/{number}/details", {**PHONE, **body})

    def candidates(self, number: str, by: Client | None = None) -> dict[str, list[str]]:
        """Who may be the same person, with the reasons."""
        items = ok((by or self.interviewer).get(f"/residents/{number}/candidates?{LOOK}"))["items"]
        return {item["person"]["person_no"]: item["reasons"] for item in items}

    def waiting(self, by: Client | None = None) -> dict[str, Any]:
        """What waits in the office."""
        return ok((by or self.interviewer).get(f"/merges?{LOOK}"))

    def propose(self, goes: str = HERE, stays: str = WARDS, by: Client | None = None) -> Reply:
        """Propose that one number goes and the other stays."""
        return (by or self.interviewer).post(f"/residents/{goes}/merges", {"stays": stays, "words": WHY})

    def approve(self, merge: dict[str, Any], number: str = HERE, by: Client | None = None) -> Reply:
        """Approve by the hash."""
        path = f"/residents/{number}/merges/{merge['merge_id']}/approval"
        return (by or self.head).post(path, {"sha256": merge["sha256"]})

    def undo(self, merge: dict[str, Any], number: str = HERE, by: Client | None = None) -> Reply:
        """Propose to undo."""
        path = f"/residents/{number}/merges/{merge['merge_id']}/undoing"
        return (by or self.interviewer).post(path, {"words": "別の人だった"})

    def merged(self, goes: str = HERE, stays: str = WARDS) -> dict[str, Any]:
        """Propose and approve."""
        return ok(self.approve(ok(self.propose(goes, stays), 201), goes))

    def found(self, typed: str, by: Client | None = None) -> list[tuple[str, list[str]]]:
        """Whom a search shows, and the numbers that lead there."""
        hits = ok((by or self.interviewer).get(f"/search?q={typed}&{LOOK}"))["items"]
        return [(hit["no"], hit["merged"]) for hit in hits]

    def resident(self, number: str, by: Client | None = None) -> dict[str, Any]:
        """A person of the register."""
        return ok((by or self.interviewer).get(f"/residents/{number}?{LOOK}"))

    def seen(self) -> list[Any]:
        """What the office sees of her by either number, by every way that leads there."""
        numbers = (HERE, WARDS)
        answers = [self.resident(number) for number in numbers]
        answers += [self.candidates(number) for number in numbers]
        typed = (*numbers, "ワタナベ", "0355550101")
        return [*answers, *(self.found(text) for text in typed), self.waiting()]

    def leave(self, number: str, last_day: str, case_no: str = "00000007") -> None:
        """She is a member of a household until a day."""
        caseworker = self.office.caseworker
        seen = ok(caseworker.get(f"/cases/{case_no}/circumstances?{LOOK}"))["items"][-1]["number"]
        body = {"last_day": last_day, "reason": "moved_out", "seen": seen}
        ok(caseworker.post(f"/cases/{case_no}/members/{number}/end", body), 201)
