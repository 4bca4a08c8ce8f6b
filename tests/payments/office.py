"""The office of these tests: a payments service, producers that answer how far they have told, five people."""

import csv
import io
import json
import threading
import uuid
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared.contracts.correlation import month_correlation
from shared.service_kit.observability.telemetry import CORRELATION_HEADER
from shared.service_kit.testing import Client, RunningService, make_token, stepped_up

MONTH = "2026-12"
TODAY = date(2026, 11, 24)
PROGRAMMES = {"case_management": "public_assistance", "support_benefits": "support_benefit"}
SENDERS = (
    "programme,sender_code,sender_name,bank_code,branch_code,account_type,account_number\n"
    "public_assistance,9999999999,カコウク フクシ,0001,001,1,0000000\n"
    "support_benefit,9999999999,カコウク シエン,0001,001,1,0000000\n"
)
ACCOUNT_HEADER = (
    "case_no,programme,method,bank_code,branch_code,account_type,account_number,holder_kana,reason_no_account"
)


class Producers:
    """The two deciding services as payments sees them: each answers how far it has told, and for whom."""

    def __init__(self) -> None:
        self.positions = dict.fromkeys(PROGRAMMES, 0)
        self.cases: dict[tuple[str, str], set[str]] = {}
        self.said: dict[tuple[str, str], dict[str, int]] = {}
        """What a service says of a month otherwise than that all its cases are determined, by one act."""
        self._servers = {name: self._serve(name) for name in PROGRAMMES}

    def _serve(self, name: str) -> ThreadingHTTPServer:
        answer = self._answer

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told = answer(name, self.path)
                self.send_response(200 if told else 404)
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            def log_message(self, format: str, *args: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def _answer(self, name: str, path: str) -> dict[str, int]:
        if path == "/events/positions":
            return {"facts": self.positions[name], "looks": 0}
        route, _, month = path.partition("?month=")
        if route != "/figures":
            return {}
        cases = len(self.cases.get((name, month), ()))
        none = ("refused", "left_out", "waiting", "unexplained", "ended_yen", "changed_since")
        nobody_else = dict.fromkeys(none, 0)
        all_determined = {"on_assistance": cases, "determined": cases, "acts_approved": 1, **nobody_else}
        return {**all_determined, **self.said.get((name, month), {})}

    @property
    def urls(self) -> dict[str, str]:
        return {name: f"http://127.0.0.1:{server.server_address[1]}" for name, server in self._servers.items()}

    def close(self) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


@dataclass
class Office:
    """Payments with the people who work it."""

    running: RunningService
    producers: Producers
    told: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, *roles: str) -> Client:
        """Somebody at the door, acting for the office's month, who confirms what they approve."""

        def confirmation(sha256: str) -> str:
            return make_token(name, roles, "payments", **stepped_up(sha256, at=self.running.clock.now()))

        headers = {
            "Authorization": f"Bearer {make_token(name, roles, 'payments')}",
            CORRELATION_HEADER: month_correlation(MONTH),
        }
        return Client(self.running.app, headers, confirmation)

    @property
    def accountant(self) -> Client:
        return self.person("demo-accountant", "accountant")

    @property
    def head(self) -> Client:
        return self.person("demo-head-of-accounting", "head_of_accounting")

    @property
    def treasurer(self) -> Client:
        return self.person("demo-treasurer", "treasurer")

    def determined(
        self,
        case_no: str,
        kinds: dict[str, int],
        *,
        producer: str = "case_management",
        month: str = MONTH,
        persons: tuple[str, ...] = (),
        **changed: Any,
    ) -> dict[str, Any]:
        """The fact of a determination that covers its persons from the first to the last day of December."""
        data = {
            "determination_id": str(uuid.uuid4()),
            "case_no": case_no,
            "programme": PROGRAMMES[producer],
            "month": month,
            "kinds": kinds,
            "covers": [
                {"person_no": person, "need": kind, "from": f"{month}-01", "to": f"{month}-28"}
                for kind in kinds
                for person in persons or (case_no.zfill(10),)
            ],
            "replaces": self.told.get(f"{case_no} {month}"),
            "proposer": "person:demo-caseworker",
            "approver": "person:demo-head",
            **changed,
        }
        self.told[f"{case_no} {month}"] = str(data["determination_id"])
        return self.running.fact("determination.approved.v1", data, f"case:{case_no}")

    def tell(self, *facts: dict[str, Any], producer: str = "case_management") -> None:
        """Deliver facts of a producer as the next page of its stream."""
        self.producers.positions[producer] += len(facts)
        for fact in facts:
            data = fact["data"]
            self.producers.cases.setdefault((producer, data.get("month", "")), set()).add(data.get("case_no", ""))
        self.running.deliver(producer, facts)

    def grant(self, case_no: str, producer: str = "case_management", **kinds: int) -> None:
        """Tell a determination of one case."""
        self.tell(self.determined(case_no, kinds, producer=producer), producer=producer)

    def accounts(self, *rows: tuple[str, ...]) -> dict[str, bytes]:
        """The two files; a row of two cells (case, programme) gets an account of its own."""
        text = io.StringIO()
        text.write(ACCOUNT_HEADER + "\n")
        writer = csv.writer(text, lineterminator="\n")
        for row in rows:
            full = (*row, "bank", "0001", "001", "1", row[0][-7:], "カクウ タロウ", "") if len(row) == 2 else row
            writer.writerow(full)
        return {"accounts.csv": text.getvalue().encode(), "sender.csv": SENDERS.encode()}

    def register(self, *rows: tuple[str, ...]) -> None:
        """Hand in accounts and have them approved."""
        handed_in = self.accountant.post("/imports", files=self.accounts(*rows))
        assert handed_in.status_code == 201, handed_in.content
        name = f"/imports/{handed_in.json['import_id']}/approval"
        approved = self.head.post(name, json={"sha256": handed_in.json["sha256"]})
        assert approved.status_code == 200, approved.content

    def open_run(self, run_kind: str = "regular", month: str = MONTH) -> str:
        """Open a run; gives its id."""
        answer = self.accountant.post("/runs", json={"month": month, "run_kind": run_kind})
        assert answer.status_code == 201, answer.content
        return str(answer.json["run_id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """The run as people see it."""
        found: dict[str, Any] = self.accountant.get(f"/runs/{run_id}").json
        return found

    def proposed(self, run_kind: str = "regular", month: str = MONTH) -> dict[str, Any]:
        """A run that is cut off, ordered and proposed."""
        run_id = self.open_run(run_kind, month)
        self.running.run_tasks()
        return self.run(run_id)

    def approve(self, run: dict[str, Any]) -> dict[str, Any]:
        """Approve by the hash."""
        answer = self.head.post(f"/runs/{run['run_id']}/approval", json={"sha256": run["sha256"]})
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json
        return found

    def accept(self, run: dict[str, Any]) -> dict[str, Any]:
        """Accept the disbursement order and let the files be made."""
        answer = self.treasurer.post(f"/runs/{run['run_id']}/acceptance", json={"sha256": run["sha256"]})
        assert answer.status_code == 200, answer.content
        self.running.run_tasks()
        return self.run(run["run_id"])

    def withdraw(self, run: dict[str, Any]) -> dict[str, Any]:
        """Take the run back."""
        answer = self.accountant.post(f"/runs/{run['run_id']}/withdrawal")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json
        return found

    def pay(self, run_kind: str = "regular", month: str = MONTH) -> dict[str, Any]:
        """A run from its opening to its files."""
        return self.accept(self.approve(self.proposed(run_kind, month)))

    def due(self, case_no: str, kind: str = "livelihood", month: str = MONTH) -> tuple[int, int, int, int]:
        """entitled, ordered, overpaid, claimed."""
        rows = self.running.execute(
            "SELECT entitled, ordered, overpaid, claimed FROM due WHERE case_no = :c AND kind = :k AND month = :m",
            c=case_no,
            k=kind,
            m=month,
        )
        return tuple(rows[0]) if rows else (0, 0, 0, 0)

    def figures(self, month: str = MONTH) -> dict[str, Any]:
        """What payments answers to a check."""
        found: dict[str, Any] = self.running.client(machine="one_machine").get(f"/figures?month={month}").json
        return found
