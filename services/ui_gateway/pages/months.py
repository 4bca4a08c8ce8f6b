"""The board of the monthly job: what stands where, and the acts that are this person's."""

from typing import Any
from uuid import uuid4

from flask import jsonify, redirect, render_template, request

from services.ui_gateway.clients.rooms import DECIDING, Rooms, key_for
from services.ui_gateway.pages.frame import Frame, as_response, form_uuid, idempotency_key, wants_json
from services.ui_gateway.pages.sessions import Session
from services.ui_gateway.pages.words import MONTH
from shared.money_and_time.months import next_month, previous_month
from shared.service_kit.problems import Problem


def add(frame: Frame) -> None:
    """Add the pages."""

    @frame.page("/")
    def home(session: Session, rooms: Rooms) -> Any:
        del session, rooms
        this = f"{frame.service.clock.today():%Y-%m}"
        return render_template("home.html", months=[previous_month(this), this, next_month(this)], this=this)

    @frame.page("/months/<month>")
    def month_board(session: Session, rooms: Rooms, month: str) -> Any:
        demand_month(month)
        collectives = rooms.collectives(month) if session.may("determination.read") else {}
        runs = rooms.runs(month) if session.may("run.read") else []
        if wants_json():
            return jsonify(month=month, collectives=collectives, runs=runs)
        return render_template(
            "month.html",
            month=month,
            deciding=DECIDING,
            collectives=collectives,
            ready=len(collectives) == len(DECIDING) and all(one["state"] == "proposed" for one in collectives.values()),
            runs=runs,
            key=uuid4(),
            said=request.args.get("said", ""),
        )

    @frame.page("/months/<month>/determinations", "determination.propose", ("POST",))
    def propose_month(session: Session, rooms: Rooms, month: str) -> Any:
        del session
        demand_month(month)
        key, body = idempotency_key(), {"month": month, "reason": request.form.get("reason", "monthly")}
        views = {
            name: rooms.room(name).post("/collective-determinations", json=body, key=key_for(key, name))
            for name in DECIDING
        }
        return done(f"/months/{month}", "proposed", views)

    @frame.page("/months/<month>/determinations/approval", "determination.approve", ("POST",))
    def approve_month(session: Session, rooms: Rooms, month: str) -> Any:
        del session
        demand_month(month)
        key = idempotency_key()
        wanted = {name: (form_uuid(f"{name}.id"), request.form.get(f"{name}.sha256", "")) for name in DECIDING}
        views = {
            name: rooms.room(name).post(
                f"/collective-determinations/{collective_id}/approval",
                json={"sha256": sha256},
                key=key_for(key, name),
            )
            for name, (collective_id, sha256) in wanted.items()
        }
        return done(f"/months/{month}", "approved", views)

    @frame.page("/months/<month>/runs", "run.open", ("POST",))
    def open_run(session: Session, rooms: Rooms, month: str) -> Any:
        del session
        demand_month(month)
        key, body = idempotency_key(), {"month": month, "run_kind": request.form.get("run_kind", "regular")}
        view = rooms.room("payments").post("/runs", json=body, key=key_for(key, "payments"))
        return done(f"/runs/{view['run_id']}", "opened", view)


def demand_month(month: str) -> None:
    """Refuse an address that names no month.

    Raises:
        Problem: not-found.
    """
    if not MONTH.fullmatch(month):
        raise Problem("not-found", field="month", detail="年月は 2026-12 の形で指定してください")


def done(address: str, said: str, view: Any) -> Any:
    """What an act answers: JSON to a program, the next page to a person."""
    return jsonify(view) if wants_json() else as_response(redirect(f"{address}?said={said}", 303))
