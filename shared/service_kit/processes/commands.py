"""The commands of a room's image: its processes, what an operator does with it, and the room's own."""

import gc
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.service_kit.service import Service

PARTS = {
    "worker": frozenset({"tasks", "relay", "listen", "schedule"}),
    "tasks": frozenset({"tasks", "listen"}),
    "relay": frozenset({"relay"}),
    "schedule": frozenset({"schedule"}),
}


SEALING = ("rotate", "reseal", "rewrap")
"""Commands of a person with the owner's login and the room's key (docs/sealing.md)."""


def run_process(service: "Service", argv: list[str]) -> None:
    """Run the named process; ends with status 2 where the name is unknown.

    Each imports only what it needs: a start of eleven processes is mostly imports.
    """
    command, given = (argv[0], argv[1:]) if argv else ("", [])
    if not (_serve(service, command) or _operate(service, command, given)):
        sys.stderr.write(f"usage: python -m services.{service.name}.app COMMAND; COMMAND is one of {_known(service)}\n")
        raise SystemExit(2)


def _serve(service: "Service", command: str) -> bool:
    """Run what an image is started for, until it ends; False where it is none of these."""
    if command == "web":
        from shared.service_kit.processes.web import serve

        serve(service)
    elif command in PARTS:
        from shared.service_kit.processes.worker import run_worker

        run_worker(service, PARTS[command])
    elif command == "migrate":
        from shared.service_kit.database.migrations import migrate

        migrate(service.folder / "migrations", service.settings)
    else:
        return False
    return True


def _operate(service: "Service", command: str, given: list[str]) -> bool:
    """Do what an operator asks for, and say what came of it; False where it is nothing that this room knows."""
    if command in SEALING and service.all_sealed():
        from shared.service_kit.encryption.rotation import run_command

        run_command(service, command, sys.stdout.write)
    elif command == "keep" and len(given) == 2 and given[1].isdecimal():
        from shared.service_kit.retention.expiry import set_period

        sys.stdout.write(set_period(service, given))
    elif command == "new-epoch":
        from shared.service_kit.subscriptions.epochs import begin_epoch

        sys.stdout.write(begin_epoch(service))
    elif command in service.commands:
        sys.stdout.write(service.commands[command](service, given))
    elif command == "openapi":
        sys.stdout.write(openapi_text(service))
    else:
        return False
    return True


def _known(service: "Service") -> str:
    sealing = SEALING if service.all_sealed() else ()
    return ", ".join(
        ["web", *PARTS, "migrate", *sealing, "keep NAME MONTHS", "new-epoch", *service.commands, "openapi"]
    )


def settle_memory() -> None:
    """Spare the garbage collector what is loaded for good, and let it look every 200,000 objects, not every 700.

    A page of 2,000 facts is 30,000 objects: looked through every 700, with the libraries behind them, they cost half of
    a worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000)


def openapi_text(service: "Service") -> str:
    """The room's OpenAPI document as it is kept in git (YAML is a superset of this JSON)."""
    app = service.app()
    with app.app_context():
        return json.dumps(app.spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
