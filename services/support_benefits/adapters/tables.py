"""The tables of this service: those of deciding."""

from sqlalchemy import MetaData

from shared.decisions.adapters.tables import decision_tables

metadata = MetaData()
decisions = decision_tables(metadata, "support_benefit")
