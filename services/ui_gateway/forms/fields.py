"""The kinds of fields: what each is called, how it is read, its error in Japanese, and what goes to a service."""

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any, ClassVar, Final, Literal

from services.ui_gateway.forms import typed_days
from services.ui_gateway.forms.typed_texts import fold_digits, fold_numbers, tidy, to_katakana

Kind = Literal["text", "lines", "choice", "several", "yes_no", "file", "postal"]
"""How a field is drawn: one line, several lines, a list, boxes to check, はい/いいえ, a file, or with a button."""
Keyboard = Literal["text", "numeric", "tel"]
LONGEST_TEXT: Final = 200
LONGEST_LINES: Final = 10_000
MOST_YEN: Final = 999_999_999_999
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_READING: Final = re.compile("[ァ-ヺーヽヾ・＝ \u3000.,'’\\-‐－A-Za-zＡ-Ｚａ-ｚ]+")
"""Katakana, or the Latin letters of a name that has no reading."""
_YEN_SIGNS: Final = str.maketrans("", "", ",，、¥￥円 \u3000")
PERSON_DIGITS: Final = 10


@dataclass(frozen=True)
class Field:
    """One question of a form.

    Args:
        name: of the control, without blanks.
        label: what staff read above it.
        help: a sentence under the label.
        required: ※必須; empty is a fault.
        into: where its value goes in the service's body, in parts with dots ("applicant.born", "names.0.kana").
    """

    kind: ClassVar[Kind] = "text"
    keyboard: ClassVar[Keyboard] = "text"
    finds_people: ClassVar[bool] = False
    name: str
    label: str
    _: KW_ONLY
    help: str = ""
    required: bool = False
    into: str = ""

    @property
    def place(self) -> str:
        """Where its value stands in the service's body, as a service names it in a problem."""
        return self.into or self.name

    @property
    def mend(self) -> str:
        """What to do, where a service only says that the field is wrong."""
        return f"{self.label}を確認してください"

    @property
    def ask(self) -> str:
        """What to do where nothing was typed."""
        return f"{self.label}を入力してください"

    def typed_in(self, sent: Mapping[str, str]) -> str:
        """What was typed into it."""
        return sent.get(self.name, "")

    def read(self, typed: str, today: date) -> Any:
        """The value of what was typed; None where nothing was, and need not be.

        Raises:
            ValueError: in Japanese: what is wrong, and what to do.
        """
        text = tidy(typed)
        if text:
            return self._value(text, today)
        if self.required:
            raise ValueError(self.ask)
        return None

    def as_json(self, value: Any) -> Any:
        """The value as it stands in a service's body."""
        return value

    def shown(self, value: Any) -> str:
        """The value as a field shows it that nobody has typed in yet."""
        return "" if value is None else str(value)

    def said_back(self, value: Any, today: date) -> str:
        """How what was typed was understood; empty where there is nothing to say."""
        return ""

    def in_words(self, typed: str) -> str:
        """What was typed, or chosen, as staff read it."""
        return typed

    def _value(self, text: str, today: date) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Field):
    """One line; ``digits`` folds full-width digits and hyphens, for telephones and numbers of papers, not for names."""

    _: KW_ONLY
    longest: int = LONGEST_TEXT
    digits: bool = False

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}は{self.longest:,}字以内で、使える文字で入力してください"

    def _value(self, text: str, today: date) -> str:
        if len(text) > self.longest:
            raise ValueError(f"{self.label}は{self.longest:,}字以内に短くしてください(いま{len(text):,}字)")
        if _CONTROL.search(text) or ("\n" in text and self.kind == "text"):
            raise ValueError(f"{self.label}に使えない文字があります。消して入力し直してください")
        return fold_numbers(text) if self.digits else text


@dataclass(frozen=True)
class Kana(Text):
    """A reading in katakana, typed in kana of any kind and width; in Latin letters where a name has none."""

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}はカタカナで入力してください(例 フクシ ハナコ)"

    def _value(self, text: str, today: date) -> str:
        reading = str(super()._value(to_katakana(text), today))
        if not _READING.fullmatch(reading):
            raise ValueError(self.mend)
        return reading

    def said_back(self, value: Any, today: date) -> str:
        """The katakana."""
        return str(value)


@dataclass(frozen=True)
class Lines(Text):
    """A text of several lines."""

    kind: ClassVar[Kind] = "lines"
    _: KW_ONLY
    longest: int = LONGEST_LINES


@dataclass(frozen=True)
class Day(Field):
    """A date, which may lie ``ahead`` of today or not; a ``birth`` is as much as is known of it, said with the age."""

    _: KW_ONLY
    birth: bool = False
    ahead: bool = True

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}の年・月・日を確認してください"

    def as_json(self, value: Any) -> Any:
        """As services take dates."""
        return typed_days.as_json(value)

    def shown(self, value: Any) -> str:
        """In the era, as it may be typed."""
        return typed_days.as_typed(value) if value else ""

    def said_back(self, value: Any, today: date) -> str:
        """The day in its era with the day of the week; of a birth, the age."""
        return typed_days.said_back(value, today, birth=self.birth)

    def _value(self, text: str, today: date) -> Any:
        try:
            return typed_days.read(text, today, birth=self.birth, ahead=self.ahead)
        except typed_days.DateRefused as refused:
            raise ValueError(f"{self.label}: {refused}") from None


@dataclass(frozen=True)
class Yen(Field):
    """An amount in whole yen."""

    keyboard: ClassVar[Keyboard] = "numeric"
    _: KW_ONLY
    least: int = 0
    most: int = MOST_YEN

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}は{self.least:,}円から{self.most:,}円までの整数で入力してください(例 12,000)"

    def shown(self, value: Any) -> str:
        """With commas."""
        return "" if value is None else f"{value:,}"

    def said_back(self, value: Any, today: date) -> str:
        """With commas and unit."""
        return f"{value:,}円"

    def _value(self, text: str, today: date) -> int:
        digits = fold_digits(text).translate(_YEN_SIGNS).replace("－", "-").replace("−", "-")
        if not re.fullmatch(r"-?[0-9]{1,15}", digits) or not self.least <= int(digits) <= self.most:
            raise ValueError(self.mend)
        return int(digits)


@dataclass(frozen=True)
class Choice(Field):
    """One of a table of labels: code → what staff read."""

    kind: ClassVar[Kind] = "choice"
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}を一覧から選んでください"

    @property
    def ask(self) -> str:
        """What to do where nothing was chosen."""
        return self.mend

    def in_words(self, typed: str) -> str:
        """The label of the code."""
        return self.choices.get(typed, typed)

    def _value(self, text: str, today: date) -> str:
        if text not in self.choices:
            raise ValueError(self.mend)
        return text


@dataclass(frozen=True)
class Several(Choice):
    """Any number of a table of labels; each has a box of its own, named by the field and the code."""

    kind: ClassVar[Kind] = "several"

    def typed_in(self, sent: Mapping[str, str]) -> str:
        """The codes whose boxes are checked."""
        return " ".join(code for code in self.choices if sent.get(f"{self.name}.{code}"))

    def shown(self, value: Any) -> str:
        """The codes that are checked before anybody checks one."""
        return " ".join(code for code in self.choices if code in (value or ()))

    def in_words(self, typed: str) -> str:
        """The labels of the codes."""
        return "、".join(self.choices[code] for code in typed.split())

    def _value(self, text: str, today: date) -> Any:
        return [super(Several, self)._value(code, today) for code in text.split()]


@dataclass(frozen=True)
class YesNo(Field):
    """はい or いいえ; neither is chosen before somebody does."""

    kind: ClassVar[Kind] = "yes_no"
    ANSWERS: ClassVar[Mapping[str, str]] = {"yes": "はい", "no": "いいえ"}

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}は「はい」か「いいえ」を選んでください"

    @property
    def ask(self) -> str:
        """What to do where nothing was chosen."""
        return self.mend

    def shown(self, value: Any) -> str:
        """The code of the answer."""
        return "" if value is None else "yes" if value else "no"

    def in_words(self, typed: str) -> str:
        """The answer."""
        return self.ANSWERS.get(typed, typed)

    def _value(self, text: str, today: date) -> bool:
        if text not in self.ANSWERS:
            raise ValueError(self.mend)
        return text == "yes"


@dataclass(frozen=True)
class PersonNumber(Field):
    """宛名番号 of a person: 10 digits, or from ``least`` on; a text, since zeros in front belong to it.

    Who does not know the number types a name: the form comes back with the people it may mean, to choose from.
    """

    finds_people: ClassVar[bool] = True
    _: KW_ONLY
    least: int = PERSON_DIGITS

    @property
    def mend(self) -> str:
        """What to do."""
        digits = f"{self.least}〜{PERSON_DIGITS}" if self.least < PERSON_DIGITS else str(PERSON_DIGITS)
        return f"{self.label}は{digits}桁の数字です。確認して入力し直してください"

    def typed_in(self, sent: Mapping[str, str]) -> str:
        """Who was chosen of those whom a name may mean, else what was typed."""
        return sent.get(f"{self.name}.meant", "") or super().typed_in(sent)

    def name_in(self, typed: str) -> str:
        """What was typed where it is a name; empty where it is a number, right or wrong."""
        text = tidy(typed)
        return "" if fold_digits(text).isdecimal() else text

    def _value(self, text: str, today: date) -> str:
        number = fold_digits(text)
        if not re.fullmatch(r"[0-9]+", number) or not self.least <= len(number) <= PERSON_DIGITS:
            raise ValueError(self.mend)
        return number


@dataclass(frozen=True)
class File(Text):
    """A file to choose; its value is the name, its bytes stay with the request. It has to be chosen again each time."""

    kind: ClassVar[Kind] = "file"
    _: KW_ONLY
    accepts: str = ""

    @property
    def ask(self) -> str:
        """What to do where nothing was chosen."""
        return f"{self.label}を選んでください"

    @property
    def mend(self) -> str:
        """What to do."""
        return f"{self.label}を確認して、もう一度選んでください"
