"""What every service's ``migrations/env.py`` calls: Alembic against the owner's database, with lock time-outs."""

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import create_engine, pool, text

from shared.service_kit.database.engine import psycopg_url
from shared.service_kit.settings import Settings


def run(env_file: str) -> None:
    """Run the migrations of the folder in which ``env_file`` stands; called by Alembic."""
    del env_file
    url = context.config.get_main_option("sqlalchemy.url")
    if not url:
        raise RuntimeError("KURASHI_OWNER_DATABASE_URL is not set; it names the owner's database of this service")
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET lock_timeout = '5s'"))
        context.configure(connection=connection, transaction_per_migration=False)
        with context.begin_transaction():
            context.run_migrations()


def migrate(folder: Path, settings: Settings) -> None:
    """Bring the service's database to its newest migration.

    Raises:
        RuntimeError: the owner's database is not named, or its encoding or collation is not ours.
    """
    url = psycopg_url(settings.owner_database_url)
    _refuse_foreign_collation(url)
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["settings"] = settings
    command.upgrade(config, "head")


def _refuse_foreign_collation(url: str) -> None:
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        encoding, collation = connection.execute(
            text(
                "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()",
            ),
        ).one()
    if (encoding, collation) != ("UTF8", "C"):
        raise RuntimeError(
            f"the database has encoding {encoding} and collation {collation}; it must be made from template0 "
            "with UTF8 and C (file bytes depend on order): use shared.service_kit.provisioning.provision",
        )
