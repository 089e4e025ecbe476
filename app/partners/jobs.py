"""Housekeeping of partners."""

from __future__ import annotations

from app.kernel.db import transaction
from app.kernel.jobs import task
from app.partners import usecases


@task("partners.purge_nonces", cron="*/5 * * * *")
def purge_nonces() -> None:
    """Forget nonces and tokens that nobody can use any more; running it again finds nothing."""
    with transaction() as session:
        usecases.purge_nonces(session)
        usecases.purge_tokens(session)
