"""Alembic's entry; the kit does the rest."""

from shared.service_kit.database.migrations import run

run(__file__)
