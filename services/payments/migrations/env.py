"""Alembic's entry into this service."""

from shared.service_kit.database.migrations import run

run(__file__)
