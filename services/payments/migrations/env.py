"""Alembic's entry into this room."""

from shared.service_kit.database.migrations import run

run(__file__)
