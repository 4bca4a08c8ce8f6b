"""How long a test of chance goes on: briefly in the suite, long with pytest's `--hypothesis-profile=campaign`."""

from typing import Final

from hypothesis import HealthCheck, settings

CAMPAIGN: Final = "campaign"


def register_campaign() -> None:
    """Let pytest know the name."""
    settings.register_profile(CAMPAIGN, deadline=None, suppress_health_check=list(HealthCheck))


def is_campaign() -> bool:
    """Whether a long run was asked for."""
    return settings.get_current_profile_name() == CAMPAIGN


def examples(briefly: int, long: int) -> int:
    """How many examples are tried."""
    return long if is_campaign() else briefly
