"""Bounds of what is likely, beyond which an entry is doubted: told to who enters it, and it stops nobody."""

from typing import Final

HIGH_RENT_YEN: Final = 150_000
"""Beyond every ceiling of housing assistance for a household of any size in Tokyo."""
HIGH_EARNINGS_YEN, HIGH_PENSION_YEN, HIGH_PREMIUM_YEN = 500_000, 300_000, 30_000
"""A month, above which hardly anybody is on assistance, or pays into care insurance."""
YOUNGEST_MOTHER, OLDEST_MOTHER = 13, 54
YOUNGEST_WORKER, YOUNGEST_SPOUSE = 15, 16
YOUNGEST_HEAD: Final = 15
"""Who has left school at the earliest; a younger person alone lives in somebody's care."""
FIRST_AGE_OF_A_PREMIUM, FIRST_AGE_OF_A_BASIC_PENSION = 65, 60
"""Of the first insured (介護保険法 第9条), and of a pension drawn early (国民年金法 附則 第9条の2)."""
FIRST_SCHOOL_AGE, LAST_SCHOOL_AGE = 6, 14
"""On 1 April, of compulsory school (学校教育法 第17条)."""
OLDEST: Final = 110
SCHOOL_AGES: Final = {"primary": (6, 13), "junior_high": (12, 17), "high_school": (15, 22)}
"""The first and the last likely age, a year or more kept back included."""
