"""The synthetic staff of the demonstration office: one duty each, nobody has another's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Staff:
    """One synthetic member of staff; `name` and `duty` are shown on the login page."""

    id: str
    name: str
    duty: str
    roles: tuple[str, ...]


STAFF = (
    Staff("demo-caseworker", "架空 一子", "現業員(ケースワーカー)— 登録と決定の起案", ("caseworker",)),
    Staff("demo-head", "架空 二郎", "保護課長 — 登録と決定の決裁", ("head",)),
    Staff("demo-accountant", "架空 三代", "経理担当 — 口座の登録と支払の起案", ("accountant",)),
    Staff("demo-head-of-accounting", "架空 四郎", "経理係長 — 口座と支払の決裁", ("head_of_accounting",)),
    Staff("demo-treasurer", "架空 五月", "会計管理者 — 支出命令の審査", ("treasurer",)),
    Staff("demo-auditor", "架空 六実", "監査委員 — 記録の閲覧", ("auditor",)),
    Staff("demo-operator", "架空 七海", "運用担当 — 滞留の確認と再開", ("operator",)),
)
BY_ID = {person.id: person for person in STAFF}
