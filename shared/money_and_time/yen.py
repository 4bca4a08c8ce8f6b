"""Money is an integer number of yen; each rounding has a name."""

from typing import TypeAlias

Yen: TypeAlias = int


def cut_below_1(numerator: int, denominator: int) -> Yen:
    """1円未満切捨て: numerator / denominator, down to whole yen; denominator > 0."""
    if denominator <= 0:
        raise ValueError("the denominator must be above 0")
    return numerator // denominator


def raise_to_10(yen: Yen) -> Yen:
    """10円未満切上げ: up to the next 10 yen."""
    return -(-yen // 10) * 10


def cut_below_10(yen: Yen) -> Yen:
    """10円未満切捨て: down to 10 yen."""
    return yen // 10 * 10
