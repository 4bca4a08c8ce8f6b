"""What every fact has: its type with the version, and data that nobody changes.

Ids, codes and amounts; never a name or an account. Yen are whole yen. Months are "YYYY-MM", days "YYYY-MM-DD"
(Asia/Tokyo business dates). A field is added with a default; anything else is a new class with the next version.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class FactData(BaseModel):
    """Data of one fact; ``TYPE`` is its CloudEvents type with the version."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    TYPE: ClassVar[str]
