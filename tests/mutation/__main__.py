"""`python -m tests.mutation`: breaks the house on purpose and counts how often a test notices.

Works on a copy of the tree; needs the servers of the tests where those need them (`KURASHI_TEST_DATABASE_URL`,
`KURASHI_TEST_BROKER_URL`). It goes on where it was ended: outcomes stand in `--results`, a line of JSON each.
"""

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from tests.mutation.campaign import Choice, choose, rows_of, run
from tests.mutation.coverage_map import CoverageMap
from tests.mutation.tree import Tree


def main() -> None:
    """Read the command line and do what it says."""
    args = _parser().parse_args()
    if args.package:
        with tempfile.TemporaryDirectory(prefix="kurashi-mutation-") as folder:
            _campaign(args, Tree(Path(folder)))
    _report(args.results, as_json=args.json)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--package", action="append", default=[], help="a folder or file to break; may be repeated")
    parser.add_argument("--tests", action="append", default=[], help="folders or files of tests that may notice")
    parser.add_argument("--limit", type=int, default=50, help="breakages, chosen by chance (50)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the same breakages again (1)")
    parser.add_argument("--seconds", type=float, default=20.0, help="CPU seconds of tests a breakage may cost (20)")
    parser.add_argument("--only", default="", help="only files whose path holds this text")
    parser.add_argument("--results", type=Path, default=Path("var/mutation/results.jsonl"), help="outcomes, kept")
    parser.add_argument("--survivors", action="store_true", help="show those that survived to the tests again")
    parser.add_argument("--json", action="store_true", help="the sums as JSON")
    return parser


def _campaign(args: argparse.Namespace, tree: Tree) -> None:
    args.results.parent.mkdir(parents=True, exist_ok=True)
    if args.survivors:
        _forget_survivors(args.results)
    chosen = choose(tree.root, Choice(args.package, args.limit, args.seed, args.seconds, args.only))
    covered = CoverageMap(args.results.parent / "map", args.package)
    try:
        covered.measure(tree, args.tests)
        run(tree, covered, chosen, args.seconds, args.results)
    finally:
        tree.close()


def _forget_survivors(kept: Path) -> None:
    caught = [row for row in rows_of(kept) if row["outcome"] == "caught"]
    kept.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in caught))


def _report(kept: Path, *, as_json: bool) -> None:
    rows = list(rows_of(kept))
    sums = Counter((_package(row["path"]), row["outcome"]) for row in rows)
    packages = {
        package: {"caught": sums[package, "caught"], "survived": sums[package, "survived"]}
        for package in sorted({_package(row["path"]) for row in rows})
    }
    if as_json:
        print(json.dumps({"packages": packages, "survivors": [row for row in rows if row["outcome"] == "survived"]}))
        return
    for package, counts in packages.items():
        of = counts["caught"] + counts["survived"]
        print(f"{package:40} {counts['caught']:4} of {of:4} caught ({100 * counts['caught'] // of} %)")
    for row in rows:
        if row["outcome"] == "survived":
            print(f"survived {row['path']}:{row['line']} {row['operator']}: {row['context']}")


def _package(path: str) -> str:
    parts = path.split("/")
    return "/".join(parts[: 3 if parts[0] == "services" else 2])


if __name__ == "__main__":
    main()
