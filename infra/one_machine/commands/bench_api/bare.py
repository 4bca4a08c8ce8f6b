"""The reference of the bench: a bare Flask route that reads one row of the same database, served as a service is.

`python -m infra.one_machine.commands.bench_api.bare`, in the environment of a web process of case_management.
"""

from typing import Any

from flask import Flask
from sqlalchemy import create_engine, text

from services.case_management.app import service
from shared.service_kit.database.engine import psycopg_url
from shared.service_kit.processes.starting import tune_gc
from shared.service_kit.processes.web import Web
from shared.service_kit.settings import load_settings


class Bare(Web):
    """The same server with the same threads, and nothing of a service in it."""

    def load(self) -> Any:
        """Return the application with its one route."""
        app, engine = Flask("bare"), create_engine(psycopg_url(load_settings().database_url), pool_size=10)
        tune_gc()

        @app.get("/cases/<case_no>")
        def read_row(case_no: str) -> dict[str, str]:
            with engine.connect() as connection:
                row = connection.execute(text("SELECT case_no FROM cases WHERE case_no = :no"), {"no": case_no}).one()
            return {"case_no": row.case_no}

        return app


if __name__ == "__main__":
    Bare(service, service.runtime(load_settings())).run()
