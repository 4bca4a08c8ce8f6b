"""満年齢: whole years of age."""

from datetime import date


def age_on(day: date, birth_date: date) -> int:
    """Whole years on the day, a birthday counted on the day itself; 0 before birth. 29 February counts on 1 March."""
    years = day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
    return max(years, 0)
