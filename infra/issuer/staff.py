"""The synthetic staff of the demonstration office: one duty each, nobody has another's."""

from dataclasses import dataclass
from typing import Final

DISTRICTS: Final = tuple(f"{number:02d}" for number in range(1, 21))
"""All districts (地区) of the demonstration ward: its one caseworker and one supervisor have all of them."""
BOTH_LAWS: Final = ("public_assistance", "support_benefit")


@dataclass(frozen=True)
class Staff:
    """One synthetic member of staff; `name` and `duty` are shown on the login page.

    `districts` and `programmes` are what the person is in charge of; empty where the duty knows none.
    """

    id: str
    name: str
    duty: str
    roles: tuple[str, ...]
    districts: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


STAFF = (
    Staff(
        "demo-caseworker",
        "架空 一子",
        "現業員 — 登録と決定の起案",
        ("caseworker",),
        DISTRICTS,
        BOTH_LAWS,
    ),
    Staff("demo-supervisor", "架空 八重", "査察指導員 — 担当地区の指導", ("supervisor",), DISTRICTS, BOTH_LAWS),
    Staff("demo-head", "架空 二郎", "保護課長 — 登録と決定の決裁", ("head",), (), BOTH_LAWS),
    Staff("demo-interviewer", "架空 九美", "面接相談員 — 面接の記録", ("interviewer",), (), BOTH_LAWS),
    Staff("demo-medical-clerk", "架空 十和", "医療・介護事務 — 券と要否意見", ("medical_clerk",), (), BOTH_LAWS),
    Staff("demo-support-adviser", "架空 百恵", "支援・相談員", ("support_adviser",), (), ("support_benefit",)),
    Staff("demo-accountant", "架空 三代", "経理担当 — 口座の登録と支払の起案", ("accountant",)),
    Staff("demo-head-of-accounting", "架空 四郎", "経理係長 — 口座と支払の決裁", ("head_of_accounting",)),
    Staff("demo-treasurer", "架空 五月", "会計管理者 — 支出命令の審査", ("treasurer",)),
    Staff("demo-cashier", "架空 千代", "資金前渡受者 — 窓口の支払", ("cashier",)),
    Staff("demo-administrator", "架空 万里", "権限管理者 — 担当の起案", ("administrator",)),
    Staff("demo-second-administrator", "架空 億人", "権限管理者 — 担当の決裁", ("administrator",)),
    Staff("demo-auditor", "架空 六実", "監査委員 — 記録の閲覧", ("auditor",)),
    Staff("demo-operator", "架空 七海", "運用担当 — 滞留の確認と再開", ("operator",)),
)
BY_ID = {person.id: person for person in STAFF}
