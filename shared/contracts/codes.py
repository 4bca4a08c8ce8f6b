"""Codes that services publish and answer with: states, kinds, reasons. Each has one name, so that none is misspelt."""

from typing import Literal

ActReason = Literal["monthly", "standard_revision", "winter", "year_end"]
"""Why the office is determined as one act (一括決定): 毎月, 基準改定, 冬季加算, 期末一時扶助."""
ActState = Literal["drafting", "proposed", "approving", "approved", "failed", "withdrawn"]
"""How far such an act is."""
DeterminationState = Literal["proposed", "approved", "lapsed"]
"""How far one determination (決定) is; ``lapsed``: its act is over without it."""
GivenUp = Literal["cases_missing"]
"""Why a service gives its own act up: somebody on assistance has no outcome, or nobody is determined."""
ImportKind = Literal["ward", "correction"]
"""What an import (取込) holds: a ward's cases, or a correction (訂正) of some that are on record."""
ImportState = Literal["proposed", "approving", "approved", "failed", "withdrawn"]
"""How far an import is."""
ProposalState = Literal["proposed", "approved"]
"""How far a proposal is that one other person decides."""
RestrictionKind = Literal["shielded", "barred"]
"""支援措置, 親族等."""
TakenBack = Literal["mistake", "facts_changed", "returned"]
"""Why a proposal is taken back by its proposer (取下げ), or ``returned`` by another person (差戻し)."""
