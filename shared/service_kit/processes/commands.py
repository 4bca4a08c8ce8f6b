"""The commands of a service's image: its processes, what an operator does with it, and the service's own."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from shared.service_kit.http.examples import add_examples
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service
from shared.service_kit.settings import Settings, load_settings, missing_settings

PARTS = {
    "worker": frozenset({"tasks", "relay", "listen", "schedule"}),
    "tasks": frozenset({"tasks", "listen"}),
    "relay": frozenset({"relay"}),
    "schedule": frozenset({"schedule"}),
}


SEALING = ("rotate", "reseal", "rewrap")
"""Commands of a person with the owner's login and the service's key (docs/sealing.md)."""


def main(service: Service, argv: Sequence[str] | None = None) -> None:
    """Run the process or command that the command line names, with the settings of its environment."""
    run_process(service, service.runtime(load_settings()), list(sys.argv[1:] if argv is None else argv))


def run_process(service: Service, runtime: Runtime, argv: list[str]) -> None:
    """Run the named process; ends with status 2 where the name is unknown, and with 1 where settings are missing.

    Each imports only what it needs: a start of eleven processes is mostly imports.
    """
    command, arguments = (argv[0], argv[1:]) if argv else ("", [])
    if missing := missing_settings(runtime.settings, command):
        place = "in the environment, or in lower case as files of KURASHI_SECRETS_DIR"
        sys.stderr.write(f"{service.name} {command} is not told {', '.join(missing)} ({place})\n")
        raise SystemExit(1)
    if not (_serve(service, runtime, command) or _operate(service, runtime, command, arguments)):
        sys.stderr.write(f"usage: python -m services.{service.name}.app COMMAND; COMMAND is one of {_known(service)}\n")
        raise SystemExit(2)


def _serve(service: Service, runtime: Runtime, command: str) -> bool:
    """Run what an image is started for, until it ends; False where it is none of these."""
    if command == "web":
        from shared.service_kit.processes.web import serve

        serve(service, runtime)
    elif command in PARTS:
        from shared.service_kit.processes.worker import run_worker

        run_worker(service, runtime, PARTS[command])
    elif command == "migrate":
        from shared.service_kit.database.migrations import migrate

        migrate(service.folder / "migrations", runtime.settings)
    else:
        return False
    return True


def _operate(service: Service, runtime: Runtime, command: str, arguments: list[str]) -> bool:
    """Do what an operator asks for, and say what came of it; False where it is nothing that this service knows."""
    if command in SEALING and service.sealed:
        from shared.service_kit.encryption.rotation import run_command

        run_command(service.name, runtime.settings, service.sealed, command, sys.stdout.write)
    elif command == "keep" and len(arguments) == 2 and arguments[1].isdecimal():
        from shared.service_kit.retention.expiry import set_period

        sys.stdout.write(set_period(runtime, arguments))
    elif command == "new-epoch":
        from shared.service_kit.subscriptions.epochs import begin_epoch

        sys.stdout.write(begin_epoch(runtime))
    elif command in service.commands:
        sys.stdout.write(service.commands[command](runtime, arguments))
    elif command == "openapi":
        sys.stdout.write(openapi_text(service))
    else:
        return False
    return True


def _known(service: Service) -> str:
    sealing = SEALING if service.sealed else ()
    return ", ".join(
        ["web", *PARTS, "migrate", *sealing, "keep NAME MONTHS", "new-epoch", *service.commands, "openapi"]
    )


def openapi_text(service: Service) -> str:
    """Return the service's OpenAPI document as it is kept in git (YAML is a superset of this JSON)."""
    from shared.service_kit.processes.application import make_app

    app = make_app(service, service.runtime(Settings(env="test")))
    with app.app_context():
        document: Any = app.spec
        add_examples(document, service.examples)
        return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
