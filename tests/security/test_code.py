"""What no line of ours may do, whatever else a review overlooks: code from data, statements by hand, weak ciphers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_walls import ROOT, python_files

OURS = ("services", "shared", "infra")
SERVICES = ("services", "shared")
MAKE_CODE = {"eval", "exec", "compile", "__import__", "from_string", "system", "popen"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "ctypes", "telnetlib", "ftplib"}
ALLOWED_THERE = {
    "infra/one_machine/commands/skipped_tests.py": {"xml"},
    "infra/one_machine/processes/as_user.py": {"ctypes"},
    "infra/one_machine/processes/forking.py": {"ctypes"},
}
"""The report of our own pytest; the change of user of a child; its name, and its end with its parent."""
MADE_OF_CONSTANTS = {
    ("infra/one_machine/ward/fault_texts.py", "re.compile(english)"),
    ("shared/service_kit/csv_files.py", "re.compile(f'[0-9]{{{digits}}}')"),
    ("shared/service_kit/provisioning/provision.py", "sql.SQL(verb)"),
    ("shared/service_kit/provisioning/provision.py", "sql.SQL(statement)"),
    ("shared/service_kit/encryption/rotation.py", "text(only)"),
}
"""Put together from what a caller in the code names, looked at by a person."""
WEAK = {"md5", "sha1", "ECB", "CBC", "TripleDES", "ARC4", "Blowfish", "PKCS1v15", "RSA1_5"}
KNOWN_CRYPTOGRAPHY = {"cryptography", "joserfc", "authlib", "hashlib", "hmac", "secrets"}
OWN_SCRIPTS = [
    f"""<script src="{{{{ url_for('pages.static', filename='{name}.js') }}}}" defer></script>"""
    for name in ("kurashi", "suggestions", "progress", "addresses")
]
"""The scripts of the pages, as their layout names them."""


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", "") or getattr(call.func, "id", "")


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def switched(call: ast.Call, keyword: str, value: bool) -> bool:
    given = [one.value for one in call.keywords if one.arg == keyword]
    return any(isinstance(one, ast.Constant) and one.value is value for one in given)


def test_no_code_is_made_from_data() -> None:
    odd = []
    for path, tree in python_files(*OURS):
        modules = {name.split(".")[0] for name in imported(tree)} & UNSAFE_MODULES
        odd += [(str(path), name) for name in sorted(modules - ALLOWED_THERE.get(str(path), set()))]
        for call in calls(tree):
            regular = isinstance(call.func, ast.Attribute) and name_of(call) == "compile" and _is_name(call, "re")
            if name_of(call) in MAKE_CODE and not regular:
                odd.append((str(path), name_of(call)))
            if regular and not _constant(call.args[0], tree):
                odd.append((str(path), ast.unparse(call)))
            if switched(call, "shell", True) or switched(call, "verify", False):
                odd.append((str(path), ast.unparse(call)))
    assert sorted({*odd} - MADE_OF_CONSTANTS) == []


def test_the_services_start_no_command() -> None:
    users = [str(path) for path, tree in python_files(*SERVICES) if {"subprocess", "pty"} & set(imported(tree))]
    assert users == []


def test_nothing_is_built_into_a_page_or_a_statement_by_hand() -> None:
    odd = []
    for path, tree in python_files(*SERVICES):
        for call in calls(tree):
            ours = name_of(call) in ("text", "Markup", "SQL") and not _is_name(call, "csv_files")
            if ours and call.args and not _constant(call.args[0], tree) and "testing" not in path.parts:
                odd.append((str(path), ast.unparse(call)))
    assert sorted({*odd} - MADE_OF_CONSTANTS) == []
    templates = [path for folder in OURS for path in (ROOT / folder).rglob("*.html")]
    assert templates
    assert [path.name for path in templates if _unescaped(path)] == []


@pytest.mark.parametrize("folder", OURS)
def test_cryptography_comes_from_known_libraries_and_uses_no_weak_part(folder: str) -> None:
    odd = []
    for path, tree in python_files(folder):
        named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
            part for name in imported(tree) for part in name.split(".")
        }
        odd += [(str(path), word) for word in sorted(named & WEAK)]
        ciphers = {name for name in imported(tree) if ".ciphers" in name}
        odd += [(str(path), name) for name in ciphers if not name.endswith("aead.AESGCM")]
        others = {"Crypto", "nacl", "jwt", "jose", "rsa", "ecdsa", "OpenSSL"}
        odd += [(str(path), name) for name in imported(tree) if name.split(".")[0] in others]
    assert odd == []


def test_secrets_come_from_the_operating_system() -> None:
    """``random`` draws the made-up ward alone; uuid4 names things, and guards none."""
    users = sorted(str(path) for path, tree in python_files(*OURS) if {"random", "random.Random"} & set(imported(tree)))
    drawing = ("infra/one_machine/ward/", "infra/one_machine/commands/bench")
    assert [path for path in users if not path.startswith(drawing)] == []
    numpy = [str(path) for path, tree in python_files(*SERVICES) if any(".random" in name for name in imported(tree))]
    assert numpy == []


def _is_name(call: ast.Call, module: str) -> bool:
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == module


def _constant(node: ast.expr, tree: ast.Module) -> bool:
    """True for a literal, also where it is put together from names that the module sets."""
    own = {
        target.id
        for one in tree.body
        if isinstance(one, (ast.Assign, ast.AnnAssign))
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name)
    }
    if isinstance(node, ast.JoinedStr):
        return all(_constant(one.value, tree) for one in node.values if isinstance(one, ast.FormattedValue))
    if isinstance(node, ast.BinOp):
        return _constant(node.left, tree) and _constant(node.right, tree)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in own)


def _unescaped(path: Path) -> bool:
    """True where a template puts in what it does not escape, or a script other than the files of the pages."""
    words = path.read_text(encoding="utf-8")
    for script in OWN_SCRIPTS:
        words = words.replace(script, "")
    return any(word in words for word in ("|safe", "| safe", "autoescape false", "<script"))
