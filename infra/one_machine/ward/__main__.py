"""`python -m infra.one_machine.ward DIR`: write a synthetic ward."""

import argparse
import sys
from pathlib import Path

from infra.one_machine.ward import DEFAULT_SEED, HOUSEHOLDS, SUPPORT_HOUSEHOLDS, generate


def main() -> int:
    """Read the arguments and write the files."""
    parser = argparse.ArgumentParser(prog="python -m infra.one_machine.ward", description=main.__doc__)
    parser.add_argument("directory", type=Path, metavar="DIR")
    parser.add_argument("--households", type=int, default=HOUSEHOLDS, metavar="N")
    parser.add_argument("--support-households", type=int, default=SUPPORT_HOUSEHOLDS, metavar="N")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="S")
    args = parser.parse_args()
    try:
        generate(args.directory, args.households, args.support_households, args.seed)
    except ValueError as error:
        parser.error(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
