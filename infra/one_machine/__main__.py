"""The commands of `./kurashi`: each a module with `main(arguments) -> exit status`, loaded only when it is called."""

import importlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from infra.one_machine.problems import CallError, MachineError, known_word
from infra.one_machine.signals import take_signals

COMMANDS = {
    "run": "infra.one_machine.commands.run",
    "ward": "infra.one_machine.commands.ward",
    "test": "infra.one_machine.commands.testing",
    "assess": "infra.one_machine.commands.assess",
    "check": "infra.one_machine.commands.check",
    "parked": "infra.one_machine.commands.parked",
    "bench": "infra.one_machine.commands.bench",
    "audit": "infra.one_machine.commands.audit",
    "faults": "tests.faults.campaign",
}
WORDS = {
    "run": "pay a ward's month on this machine and serve the pages",
    "ward": "a ward's own files: an example, a template, a look for faults",
    "test": "all tests that this machine can run",
    "assess": "the benefit rules alone, households as JSON lines",
    "check": "what must hold across the services",
    "parked": "what stands still until a person has looked, and its release",
    "bench": "measure: rules, audit, api",
    "audit": "the audit log: export, verify",
    "faults": "pay months while faults befall the office",
}
DONE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; with `--json` the last line on standard output is an object, also after a failure."""
    take_signals()
    try:
        command = _command(arguments)
        return int(importlib.import_module(COMMANDS[command]).main(list(arguments[1:])))
    except SystemExit as ended:
        problem, status = "the call is wrong", ended.code if isinstance(ended.code, int) else FAILED
    except CallError as wrong:
        problem, status = str(wrong), WRONG_CALL
    except MachineError as failed:
        problem, status = str(failed), FAILED
    except KeyboardInterrupt:
        problem, status = "stopped", INTERRUPTED
    except Exception as unexpected:
        problem, status = _of_a_file(unexpected), FAILED
        if not problem:
            traceback.print_exc()
            problem = f"unexpected: {type(unexpected).__name__}"
    if status == DONE:
        return DONE
    sys.stderr.write(f"kurashi: {problem}\n")
    if "--json" in arguments:
        print(json.dumps({"ok": False, "problem": problem}, ensure_ascii=False))
    return status


def _of_a_file(error: Exception) -> str:
    """Name the file or folder that could not be read or written, and why; empty where it was no such thing."""
    if not isinstance(error, OSError) or error.strerror is None:
        return ""
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


def _command(arguments: Sequence[str]) -> str:
    usage = f"usage: ./kurashi {{{'|'.join(COMMANDS)}}} …"
    if arguments and arguments[0] in {"-h", "--help"}:
        explained = "".join(f"  {command:8}{words}\n" for command, words in WORDS.items())
        sys.stdout.write(f"{usage}\n\n{explained}\n./kurashi COMMAND --help explains one of them.\n")
        raise SystemExit(DONE)
    return known_word(arguments, COMMANDS, "command", usage)


def program(arguments: Sequence[str]) -> NoReturn:
    """Run one command and end with its status.

    What was interrupted waits for none of its threads: one that is just starting then is left by its pool, and would
    ask on for a minute, of services that are gone.
    """
    status = main(arguments)
    if status == INTERRUPTED:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    program(sys.argv[1:])
