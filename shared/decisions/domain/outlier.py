"""Whether a month lies far off the month before (先月との大きな差)."""


def outlies(yen: int, cases: int, last_yen: int, last_cases: int) -> bool:
    """True where a month differs from the month before by more than a fifth, in whole yen or in cases.

    The year-end and winter additions of December are about 13 % of a single household's benefit: a fifth says nothing
    of an ordinary December, and says it of each tenth office left out together with another. Where there was nothing
    the month before, there is nothing to differ from.
    """
    return any(last and abs(now - last) * 5 > last for now, last in ((yen, last_yen), (cases, last_cases)))
