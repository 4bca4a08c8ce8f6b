"""The driver of an office's month: load a ward, determine, pay, and see it in the log; all through the public API."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Final

from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office
from infra.one_machine.progress import Steps
from infra.one_machine.staff.acts import PROPOSERS, Acts
from infra.one_machine.staff.staff_session import Answer, Refused
from infra.one_machine.ward.ward_input import InputFaults, WardInput, check_month, note_month

REASON: Final = "monthly"
PAUSE_SECONDS, MORE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 0.1, 0.4
"""Looks come less often the longer a job takes: on two cores each look is taken from the work, and half a pause is
lost on average when it is done."""
STREAMS: Final = ("facts", "looks")


def pay_month(office: Office, ward: WardInput, month: str, steps: Steps) -> Answer:
    """Load, determine and pay a month; gives the run with its files, and the cases that the rules `refused`.

    A second call goes on from what is there.

    Raises:
        InputFaults: files of the ward have faults; nothing is loaded.
        MachineError: a service refuses, or a job failed.
    """
    check_month(office.folders, month, ward)
    with closing(Acts(office, month)) as acts:
        with steps.part("load", "loading the ward"):
            households = load(acts, office, ward, steps)
        with steps.part("determine", "determining the office"):
            refused = determine(acts, households, steps)
        with steps.part("pay", "paying the month"):
            return {**pay(acts, steps), "refused": refused}


def load(acts: Acts, office: Office, ward: WardInput, steps: Steps) -> int:
    """Hand the ward's files in and have them approved, where no service finds a fault; returns how many households.

    Raises:
        InputFaults: with the faults that all services found.
        MachineError: what was approved could not be loaded.
    """
    proposed = propose_ward(acts, ward, steps)
    note_month(office.folders, acts.month, ward)
    steps.say("approving the imports")
    for service, import_ in proposed.items():
        standing = acts.imported(service, import_["import_id"])
        if standing["state"] == "proposed":
            acts.approve_import(service, standing)
    _until_all(
        lambda: {service: _loaded(acts, service, import_) for service, import_ in proposed.items()}, steps, "approved"
    )
    return sum(int(import_["households"]) for import_ in proposed.values() if "households" in import_)


def _handed_in(acts: Acts, service: str, ward: WardInput) -> Answer:
    """The import of a service's files; where one of the same content was withdrawn, a new one after it."""
    content = ward.content_of(service)
    while True:
        proposed = acts.propose_import(service, content, ward.of(service))
        if acts.imported(service, proposed["import_id"])["state"] != "withdrawn":
            return proposed
        content = f"{content} after {proposed['import_id']}"


def _loaded(acts: Acts, service: str, proposed: Answer) -> Answer:
    """How far an approved import is."""
    standing = acts.imported(service, proposed["import_id"])
    if standing["state"] == "proposed":
        why = (standing.get("problem") or {}).get("detail", "")
        raise MachineError(f"{service} did not load an import that was approved: {why}")
    return standing


def propose_ward(acts: Acts, ward: WardInput, steps: Steps) -> dict[str, Answer]:
    """Hand the files to every service that reads them; gives their proposed imports.

    Raises:
        InputFaults: with the faults that all services found.
    """

    def hand_in(service: str) -> Answer | Refused:
        try:
            return _handed_in(acts, service, ward)
        except Refused as refused:
            return refused

    steps.say("checking the files")
    with ThreadPoolExecutor(max_workers=len(PROPOSERS)) as pool:
        answers = dict(zip(PROPOSERS, pool.map(hand_in, PROPOSERS), strict=True))
    refused = [answer for answer in answers.values() if isinstance(answer, Refused)]
    if faults := [fault for answer in refused for fault in answer.problem.get("faults", [])]:
        raise InputFaults(faults)
    if refused:
        raise refused[0]
    return {service: answer for service, answer in answers.items() if not isinstance(answer, Refused)}


def determine(acts: Acts, households: int, steps: Steps) -> list[Answer]:
    """Determine the month under both laws as one act, and have it approved by its hashes.

    Returns the cases that the rules refuse, as far as the head may see them, with their `service`: the others are paid.

    Raises:
        MachineError: a job failed, or the act was given up or taken back.
    """
    opened = acts.propose_determinations(REASON)

    def look() -> dict[str, Answer]:
        states_now = acts.determinations(opened)
        steps.far(sum(int(act.get("cases", 0)) for act in states_now.values()), households)
        return states_now

    steps.say("drafting determinations")
    drafted = _until_all(look, steps, "proposed", "approving", "approved")
    if proposed := {service: act for service, act in drafted.items() if act["state"] == "proposed"}:
        acts.approve_determinations(proposed)
    steps.say("approving determinations")
    done = _until_all(look, steps, "approved")
    return [{"service": service, **case} for service, act in done.items() for case in act["refused"]]


def pay(acts: Acts, steps: Steps) -> Answer:
    """Open the regular run, approve it by its hash, accept the 支出命令, and wait for the files."""
    run_id, states = acts.open_run()["run_id"], ("proposed", "approved", "files_made")
    steps.say("ordering")

    def look() -> Answer:
        run = acts.run(run_id)
        steps.waiting(what_a_run_waits_for(run))
        return run

    while (run := _until(look, steps, *states))["state"] != "files_made":
        if run["state"] == "proposed":
            acts.approve_run(run)
        else:
            steps.say("making the bank files")
            acts.accept_run(run)
    return run


def what_a_run_waits_for(run: Answer) -> str:
    """In words, with since when; before the cut-off (締切待ち) how far each service was read, and has to be."""
    since = str(run.get("accepted_at") or run.get("cut_off_at") or run["opened_at"])[11:19]
    if run["state"] == "opened":
        read = ", ".join(
            f"{source['producer']} {source['reached']} of {source['position']}" for source in run.get("sources", [])
        )
        return f"waiting for the cut-off since {since} UTC; read of what was told: {read}"
    parked = f", {run['parked_chunks']} parked (./kurashi parked)" if run.get("parked_chunks") else ""
    return f"the run is {run['state']} since {since} UTC{parked}"


def published_by_all(office: Office) -> dict[str, int]:
    """How many facts and looks every service has told by now, by `service.stream`.

    Raises:
        MachineError: a service does not tell it.
    """
    published: dict[str, int] = {}
    for service in office.urls:
        answer = office.client(service).get("/events/positions")
        if not answer.ok:
            raise MachineError(f"{service} does not tell how much it told (status {answer.status_code})")
        positions = answer.json()
        published |= {f"{service}.{stream}": int(positions[stream]) for stream in STREAMS}
    return published


def wait_for_log(office: Office, steps: Steps) -> int:
    """Wait until the audit log has taken, and signed, all that was told when this was called; gives how much that is.

    Raises:
        MachineError: it takes longer than the patience of the steps.
    """
    published = published_by_all(office)
    if not log_has(office, published, steps.patience, steps):
        raise MachineError(f"the audit log does not take what the services told (waited {steps.patience:.0f} s)")
    return sum(published.values())


def log_has(office: Office, published: Mapping[str, int], seconds: float, steps: Steps | None = None) -> bool:
    """Whether the audit log takes and signs so many facts of each `service.stream` within so many seconds."""
    log = office.client("audit_logging")

    def is_reached() -> bool:
        answer = log.get("/log/positions").json()
        taken = {stream: int(number) for stream, number in answer["positions"].items()}
        if steps:
            steps.far(
                sum(min(taken.get(stream, 0), number) for stream, number in published.items()), sum(published.values())
            )
        return answer["signed"] == answer["entries"] and all(
            taken.get(stream, 0) >= published[stream] for stream in published
        )

    return _is_reached_within(is_reached, seconds)


def _until(look: Callable[[], Answer], steps: Steps, *states: str) -> Answer:
    """Look at one thing until it has one of the states; raises as `_until_all`."""
    return _until_all(lambda: {"": look()}, steps, *states)[""]


def _until_all(look: Callable[[], dict[str, Answer]], steps: Steps, *states: str) -> dict[str, Answer]:
    """Look until everything has one of the states.

    Raises:
        MachineError: something failed, or it took longer than the patience of the steps.
    """
    states_now: dict[str, Answer] = {}

    def is_reached() -> bool:
        states_now.update(look())
        if failed := [job for job in states_now.values() if job["state"] in ("failed", "withdrawn")]:
            state, what = failed[0]["state"], failed[0].get("month", "an import")
            raise MachineError(f"a job of {what} is {state}; see the services' logs")
        return all(job["state"] in states for job in states_now.values())

    if not _is_reached_within(is_reached, steps.patience):
        raise MachineError(f"the state {states[0]} is not reached (waited {steps.patience:.0f} s)")
    return states_now


def _is_reached_within(is_reached: Callable[[], bool], seconds: float) -> bool:
    deadline, pause = time.monotonic() + seconds, PAUSE_SECONDS
    while not is_reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause + MORE_SECONDS, LONGEST_PAUSE_SECONDS)
    return True
