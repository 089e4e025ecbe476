"""Alembic runs as the owner, one transaction a migration, under a lock so that two starts do not migrate at once."""

from alembic import context
from sqlalchemy import create_engine, pool, text

MIGRATION_LOCK = 0x44756B6F75

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})  # freed at close
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
