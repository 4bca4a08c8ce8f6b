"""Programmes and kinds of assistance (扶助の種類) as facts, entitlements and orders name them."""

from typing import Final, Literal

Programme = Literal["public_assistance", "support_benefit"]
"""public_assistance: 生活保護; support_benefit: 中国残留邦人等支援給付."""

Kind = Literal[
    "livelihood",
    "housing",
    "education",
    "care",
    "medical",
    "maternity",
    "occupational",
    "funeral",
    "spouse_support",
]

PROGRAMMES: Final[tuple[Programme, ...]] = ("public_assistance", "support_benefit")
KINDS: Final[tuple[Kind, ...]] = (
    "livelihood",
    "housing",
    "education",
    "care",
    "medical",
    "maternity",
    "occupational",
    "funeral",
    "spouse_support",
)
IN_KIND: Final[frozenset[Kind]] = frozenset({"care", "medical"})
"""Kinds given in kind (現物給付, 生活保護法 34条・34条の2): beside the cash totals, never in them."""
