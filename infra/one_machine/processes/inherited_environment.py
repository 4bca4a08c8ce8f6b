"""What of the caller's environment the processes of an office may see."""

from collections.abc import Mapping

PASSED_ON = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR")
PASSED_ON_BEGINNINGS = ("KURASHI_DECISIONS_", "KURASHI_PAYMENT_", "KURASHI_CLOCK_SKEW_", "OTEL_")


def passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what of the caller's environment every process may see (no proxies: all addresses are this machine's)."""
    return {
        name: value for name, value in environment.items() if name in PASSED_ON or name.startswith(PASSED_ON_BEGINNINGS)
    }
