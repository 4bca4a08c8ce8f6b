"""The synthetic ward: as many households and persons as a Tokyo special ward has, none of them real."""

from infra.one_machine.ward.generate import DEFAULT_SEED, HOUSEHOLDS, SUPPORT_HOUSEHOLDS, generate

__all__ = ["DEFAULT_SEED", "HOUSEHOLDS", "SUPPORT_HOUSEHOLDS", "generate"]
