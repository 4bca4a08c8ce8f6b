"""What docs/security/access.md says is what the matrix says."""

from shared.contracts.permissions import DUTIES, PERMISSIONS, ROLES
from tests.security.access_document import DOCUMENT, rewritten


def test_the_tables_of_access_are_those_of_the_matrix() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == rewritten(text)


def test_each_role_permission_and_duty_is_told() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [role for role in ROLES if f"| `{role}` |" not in text] == []
    assert [duty for duty in DUTIES if f"| {duty} |" not in text] == []
    assert [name for name in PERMISSIONS if f"| {name} " not in text] == []
