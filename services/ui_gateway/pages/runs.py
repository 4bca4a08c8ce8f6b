"""One payment run: its totals, files, people and trace; approval and acceptance."""

from typing import Any
from uuid import UUID, uuid4

from flask import jsonify, render_template, request

from services.ui_gateway.clients.rooms import Rooms, key_for
from services.ui_gateway.pages.frame import Frame, idempotency_key, wants_json
from services.ui_gateway.pages.journey import read_journey
from services.ui_gateway.pages.months import done
from services.ui_gateway.pages.sessions import Session


def add(frame: Frame) -> None:
    """Add the pages."""

    @frame.page("/runs/<uuid:run_id>", "run.read")
    def run_page(session: Session, rooms: Rooms, run_id: UUID) -> Any:
        run = rooms.run(run_id)
        if wants_json():
            return jsonify(run)
        others = session.actor != run["proposer"]
        return render_template("run.html", run=run, others=others, key=uuid4(), said=request.args.get("said", ""))

    @frame.page("/runs/<uuid:run_id>/journey", "run.read")
    def run_journey(session: Session, rooms: Rooms, run_id: UUID) -> Any:
        del session
        run = rooms.run(run_id)
        journey = read_journey(frame.service.settings.traces_dir, run["correlation"])
        return jsonify(journey) if wants_json() else render_template("journey.html", run=run, journey=journey)

    @frame.page("/runs/<uuid:run_id>/approval", "run.approve", ("POST",))
    def approve_run(session: Session, rooms: Rooms, run_id: UUID) -> Any:
        del session
        return done(f"/runs/{run_id}", "approved", _act(rooms, run_id, "approval"))

    @frame.page("/runs/<uuid:run_id>/acceptance", "disbursement.accept", ("POST",))
    def accept_run(session: Session, rooms: Rooms, run_id: UUID) -> Any:
        del session
        return done(f"/runs/{run_id}", "accepted", _act(rooms, run_id, "acceptance"))


def _act(rooms: Rooms, run_id: UUID, act: str) -> dict[str, Any]:
    body = {"sha256": request.form.get("sha256", "")}
    return rooms.room("payments").post(f"/runs/{run_id}/{act}", json=body, key=key_for(idempotency_key(), act))
