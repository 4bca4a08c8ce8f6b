"""Alembic's entry; the kit does the rest."""

from shared.service_kit.migrations import run

run(__file__)
