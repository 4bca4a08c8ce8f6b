"""Payees' accounts (口座) at banks and branches that exist, and the office's own account for the demonstration."""

from dataclasses import dataclass
from random import Random
from typing import Final

from zengin_code import Bank

from infra.one_machine.ward.people import Household

# bank code and weight: the large banks, ゆうちょ, and those with branches in and around the ward
_BANKS: Final = (
    ("9900", 30),
    ("0001", 18),
    ("0005", 17),
    ("0009", 15),
    ("0010", 6),
    ("0137", 4),
    ("1341", 4),
    ("1333", 2),
    ("2963", 2),
    ("0033", 2),
)
_PLACES: Final = ("新宿", "高田馬場", "四谷", "早稲田", "大久保", "神楽坂", "飯田橋", "落合", "江戸川橋", "中井")
_NEARBY: Final = 0.8
REASONS: Final = ("no_account", "account_seized", "guidance_at_counter", "account_not_yet_open")
_REASON_WEIGHTS: Final = (40, 15, 35, 10)
SENDER_CODE: Final = "9999999999"
SENDER_BANK, SENDER_BRANCH = "0001", "240"


@dataclass(frozen=True, slots=True)
class Payee:
    """How a household is paid; without an account at the cash desk (窓口), for a reason."""

    household: Household
    bank_code: str = ""
    branch_code: str = ""
    account_type: str = ""
    account_number: str = ""
    holder_kana: str = ""
    reason_no_account: str = ""

    @property
    def method(self) -> str:
        """`bank` or `cash`."""
        return "cash" if self.reason_no_account else "bank"


class Branches:
    """Branches by bank; near the ward where the bank has some there."""

    def __init__(self) -> None:
        self._all = {code: sorted(Bank.all[code].branches) for code, _ in _BANKS}
        self._near = {code: [branch for branch in self._all[code] if _is_near(code, branch)] for code, _ in _BANKS}

    def draw(self, random: Random) -> tuple[str, str]:
        """A bank code and the code of one of its branches."""
        bank = random.choices([code for code, _ in _BANKS], [weight for _, weight in _BANKS])[0]
        near = self._near[bank]
        return bank, random.choice(near if near and random.random() < _NEARBY else self._all[bank])


def with_account(random: Random, household: Household, branches: Branches) -> Payee:
    """A payee with an account in the name of the head of the household."""
    bank, branch = branches.draw(random)
    account_type = "4" if bank != "9900" and random.random() < 0.02 else "1"
    number = f"{random.randrange(10_000_000):07d}"
    return Payee(household, bank, branch, account_type, number, household.members[0].name.kana)


def without_account(random: Random, household: Household) -> Payee:
    """A payee of the cash desk."""
    return Payee(household, reason_no_account=random.choices(REASONS, _REASON_WEIGHTS)[0])


def _is_near(bank: str, branch: str) -> bool:
    return any(place in Bank.all[bank].branches[branch].name for place in _PLACES)
