"""`./kurashi bench rules|audit|api`: measurements, each a module of its own."""

import importlib
from collections.abc import Sequence

from infra.one_machine.commands.arguments import asks_for_help
from infra.one_machine.problems import known_word

BENCHES = {
    "rules": "infra.one_machine.commands.bench_rules",
    "audit": "infra.one_machine.commands.bench_audit",
    "api": "infra.one_machine.commands.bench_api.command",
}


def main(arguments: Sequence[str]) -> int:
    """Run one bench with the rest of the arguments."""
    usage = f"usage: ./kurashi bench {{{'|'.join(BENCHES)}}} [--size N] [--json]"
    if arguments and asks_for_help(arguments[:1]):
        print(usage)
        return 0
    bench = known_word(arguments, BENCHES, "bench", usage)
    return int(importlib.import_module(BENCHES[bench]).main(list(arguments[1:])))
