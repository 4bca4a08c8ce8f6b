"""How long a test of chance goes on: briefly in the suite, long with pytest's `--hypothesis-profile=campaign`.

Neither has a stop-watch: machines of the office and of CI are busy.
"""

from typing import Final

from hypothesis import HealthCheck, settings

CAMPAIGN: Final = "campaign"
SUITE: Final = "suite"


def register_lengths() -> None:
    """Let pytest know the names; the suite's holds where no other is asked for."""
    settings.register_profile(SUITE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile(SUITE)
    settings.register_profile(CAMPAIGN, deadline=None, suppress_health_check=list(HealthCheck))


def is_campaign() -> bool:
    """Whether a long run was asked for."""
    return settings.get_current_profile_name() == CAMPAIGN


def examples(briefly: int, long: int) -> int:
    """How many examples are tried."""
    return long if is_campaign() else briefly
