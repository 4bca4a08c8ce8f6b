"""The forms of what the log may be asked: codes, names, days and pages. A free text would stay in facts and index."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from shared.service_kit.identity.claims import STAFF_ID

CODE = r"^[a-z_]{1,40}$"
NAME = r"^[a-z][a-z0-9_.-]{0,59}$"
"""A type of entry, what was done, a service: names of ours. A free text would stay in facts, index and broker."""
STAFF = f"^{STAFF_ID}$"
SUBJECT = r"^[a-z_]{1,30}(:[A-Za-z0-9._:@-]{1,100})?$"
JOURNEY = r"^[0-9a-fA-F-]{1,60}$"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
MOST_INDEX = 2**63 - 1
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


class PageQuery(BaseModel):
    """Which page, newest first, and why somebody looks (a code of the office)."""

    purpose: str = Field(pattern=CODE)
    before: int | None = Field(
        None, ge=0, le=MOST_INDEX, description="entries below this index: `next` of the page before"
    )
    limit: int = Field(50, ge=1, le=200)
