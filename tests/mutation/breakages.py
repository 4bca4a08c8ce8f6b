"""Breakages of Python code: each is one small change that some test should notice.

A breakage replaces one span of a file's text. Boundaries (`<` and `<=`), `and` and `or`, numbers, results, removed
statements and refusals are changed; SQL in strings by `tests.mutation.sql`. Annotations, docstrings, log lines and the
words of errors are left alone: nothing that an office sees depends on them.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.sql import breakages_of_sql

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any", "first": "last", "last": "first"}
UNLINKED = frozenset({"with_for_update", "distinct", "limit", "where", "order_by", "on_conflict_do_nothing"})
QUIET = frozenset({"log", "logger", "logging", "warnings"})


@dataclass(frozen=True)
class Breakage:
    """One change of one file: the text of the span from `start` to `end` becomes `after`.

    Attributes:
        path: from the root of the tree.
        function: the qualified name of the function around it, "" for the module.
        line: counted from 1, where the span begins.
        statement: the line on which its statement begins: Python counts all lines of some statements as that one.
    """

    path: str
    function: str
    line: int
    operator: str
    start: int
    end: int
    before: str
    after: str
    context: str
    statement: int

    @property
    def key(self) -> str:
        """What names the breakage while lines above it come and go."""
        named = "\0".join((self.path, self.function, self.operator, self.context, self.before, self.after))
        return hashlib.sha256(named.encode()).hexdigest()[:16]

    def apply(self, source: str) -> str:
        """Return the source with the change in it."""
        return source[: self.start] + self.after + source[self.end :]


class Positions:
    """Where a node's text begins and ends in the file; `ast` counts columns in bytes of UTF-8."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = source.splitlines(keepends=True)
        self._begins = [0]
        for line in self._lines:
            self._begins.append(self._begins[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        """Return the offset in characters."""
        return self._begins[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return the offsets of the first character of a node and of that after its last."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def text(self, line: int) -> str:
        """Return a line without the blanks around it."""
        return self._lines[line - 1].strip()


class _Finder(ast.NodeVisitor):
    """Walks a file and keeps what can be broken in it."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.positions = path, Positions(source)
        self.found: list[Breakage] = []
        self._names: list[str] = []
        self._statement = 1

    def visit(self, node: ast.AST) -> None:
        """Keep where the statement begins, whatever is found in it."""
        if isinstance(node, ast.stmt):
            self._statement = node.lineno
        super().visit(node)

    def add(self, operator: str, start: int, end: int, after: str, line: int) -> None:
        before = self.positions.source[start:end]
        if before == after:
            return
        name, context = ".".join(self._names), self.positions.text(line)
        place = self.path, name, line, operator, start, end
        self.found.append(Breakage(*place, before, after, context, self._statement))

    def replace(self, operator: str, node: ast.expr | ast.stmt, after: str) -> None:
        self.add(operator, *self.positions.span(node), after, node.lineno)

    def between(self, operator: str, left: ast.expr, right: ast.expr, old: str, new: str) -> None:
        """Replace an operator's sign, which has no node of its own, between two operands."""
        start, end = self.positions.span(left)[1], self.positions.span(right)[0]
        gap = self.positions.source[start:end]
        at = gap.find(old)
        if at >= 0 and "#" not in gap:
            self.add(operator, start + at, start + at + len(old), new, right.lineno)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._inside(node, node.name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._inside(node, node.name)

    def _inside(self, node: ast.FunctionDef | ast.ClassDef, name: str) -> None:
        self._names.append(name)
        if isinstance(node, ast.FunctionDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self._names.pop()

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant) or _is_quiet(node.value):
            return
        if isinstance(node.value, ast.Call):
            self.replace("statement removed", node, "pass")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.replace("refusal removed", node, "pass")

    def visit_Return(self, node: ast.Return) -> None:
        value = node.value
        if value is None:
            return
        if not isinstance(value, ast.Constant) and not _is_truth(value):
            self.replace("result dropped", value, "None")
        self.visit(value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.replace("statement removed", node, "pass")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self.replace("continue to break", node, "break")

    def visit_Break(self, node: ast.Break) -> None:
        self.replace("break to continue", node, "continue")

    def visit_If(self, node: ast.If) -> None:
        if _names(node.test) & {"TYPE_CHECKING", "__name__"}:
            return
        if not isinstance(node.test, ast.Compare):
            self.replace("condition negated", node.test, f"not ({ast.unparse(node.test)})")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if not isinstance(node.test, ast.Compare):
            self.replace("condition negated", node.test, f"(not ({ast.unparse(node.test)}))")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        left = node.left
        for sign, right in zip(node.ops, node.comparators, strict=True):
            old = ast.unparse(ast.Compare(ast.Name("a"), [sign], [ast.Name("b")]))[2:-2]
            self.between("comparison", left, right, old, COMPARISONS[type(sign)])
            left = right
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.between("and/or", left, right, old, new)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.replace("not removed", node, f"({ast.unparse(node.operand)})")
        elif isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
            self.replace("minus removed", node, f"({ast.unparse(node.operand)})")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in ARITHMETIC and not _is_text(node.left) and not _is_text(node.right):
            old = ast.unparse(ast.BinOp(ast.Name("a"), node.op, ast.Name("b")))[2:-2]
            self.between("arithmetic", node.left, node.right, old, ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if _is_quiet(node):
            return
        if isinstance(node.func, ast.Name) and node.func.id in SWAPPED:
            self.replace("swapped", node.func, SWAPPED[node.func.id])
        if isinstance(node.func, ast.Attribute) and node.func.attr in UNLINKED:
            start, end = self.positions.span(node.func.value)[1], self.positions.span(node)[1]
            self.add(f"{node.func.attr} removed", start, end, "", node.func.end_lineno or node.lineno)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.replace("constant", node, str(not node.value))
        elif isinstance(node.value, int):
            self.replace("constant", node, str(node.value + 1))
        elif isinstance(node.value, str):
            start, end = self.positions.span(node)
            for operator, first, last, after in breakages_of_sql(self.positions.source[start:end]):
                line = self.positions.source.count("\n", 0, start + first) + 1
                self.add(operator, start + first, start + last, after, line)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """The words of a text with values in it are seen by no test that should look at them."""
        start, end = self.positions.span(node)
        for operator, first, last, after in breakages_of_sql(self.positions.source[start:end]):
            line = self.positions.source.count("\n", 0, start + first) + 1
            self.add(operator, start + first, start + last, after, line)


def _is_quiet(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and bool(_names(node.func) & QUIET)


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _is_truth(node: ast.expr) -> bool:
    """A comparison or the like: broken by its sign, so that its removal as well would be the same question twice."""
    return isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def breakages_of(path: str, source: str) -> list[Breakage]:
    """Return everything that can be broken in a file, each of which still compiles, in the order of the text."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    sound = [breakage for breakage in finder.found if _compiles(breakage.apply(source))]
    return sorted({breakage.key: breakage for breakage in sound}.values(), key=lambda one: (one.start, one.after))


def _compiles(source: str) -> bool:
    try:
        compile(source, "broken", "exec")
    except SyntaxError:
        return False
    return True


def breakages_under(root: Path, packages: Iterable[str]) -> Iterator[Breakage]:
    """Yield the breakages of all files of packages, which are folders or files named from the root."""
    for package in packages:
        whole = root / package
        for file in [whole] if whole.is_file() else sorted(whole.rglob("*.py")):
            path = file.relative_to(root).as_posix()
            yield from breakages_of(path, file.read_text())
