"""教育扶助 (告示別表第2) and 高等学校等就学費 (告示別表第7)."""

from shared.benefit_rules.columns import rows_where, some
from shared.benefit_rules.households.batch import SCHOOLS
from shared.benefit_rules.rules.work import Work

_FIGURES = {
    "primary": ("education.base.primary", "education.base"),
    "junior_high": ("education.base.junior_high", "education.base"),
    "high_school": ("occupational.high_school", "occupational.high_school"),
}


def education(work: Work) -> None:
    """The base amount of each pupil (基準額, 基本額)."""
    school = work.members.school
    if not some(school):
        return
    for name, (figure, kind) in _FIGURES.items():
        rows = rows_where(school == SCHOOLS.index(name))
        for amount, there in work.amounts(kind, figure, rows) if len(rows) else ():
            work.member_line(kind, there, work.look_up(amount, households=work.owner[there]))
