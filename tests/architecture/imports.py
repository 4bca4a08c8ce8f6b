"""Who imports whom: each import of the house, those for types alone and those inside a function with them."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from tests.architecture.source import Source

Graph = Mapping[str, set[str]]


def of_files(sources: Iterable[Source]) -> dict[str, set[str]]:
    """Return the files that each file imports, by dotted name."""
    by_name = {source.module: source for source in sources}
    known = frozenset(by_name)
    return {name: set(_imported(source, known)) - {name} for name, source in by_name.items()}


def of_siblings(files: Graph) -> dict[str, set[str]]:
    """Return what each file or package imports of those beside it, in the same package."""
    graph: dict[str, set[str]] = {}
    for importer, imported in files.items():
        for name in imported:
            pair = _siblings(importer, name)
            if pair:
                graph.setdefault(pair[0], set()).add(pair[1])
    return graph


def circles(graph: Graph) -> list[set[str]]:
    """Return each set of names that reach one another (strongly connected components of two or more)."""
    core = _without_ends(graph)
    reached = {name: _reach(core, name) for name in core}
    rings = {
        frozenset(other for other in reach if name in reached[other])
        for name, reach in reached.items()
        if name in reach
    }
    return sorted((set(ring) for ring in rings), key=sorted)


def _without_ends(graph: Graph) -> dict[str, set[str]]:
    """Leave out again and again who imports nobody and whom nobody imports: what is left is circles and their ways."""
    core = {name: set(imported) for name, imported in graph.items()}
    while True:
        used = set().union(*core.values()) if core else set()
        kept = {name: imported & core.keys() for name, imported in core.items() if imported and name in used}
        if kept == core:
            return core
        core = kept


def _reach(graph: Graph, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph.get(name, ()))
    return seen


def _imported(source: Source, names: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(source, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in names or base in names:
                    yield inner if inner in names else base


def _base(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = source.module.split(".")
    parts = parts[: len(parts) - node.level + source.is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _siblings(importer: str, imported: str) -> tuple[str, str] | None:
    ours, theirs = importer.split("."), imported.split(".")
    depth = next((n for n, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    if depth is None:
        return None
    return ".".join(ours[: depth + 1]), ".".join(theirs[: depth + 1])
