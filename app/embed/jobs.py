"""Housekeeping of frames."""

from __future__ import annotations

from app.embed import usecases
from app.kernel.db import transaction
from app.kernel.jobs import task


@task("embed.purge_proofs", cron="*/5 * * * *")
def purge_proofs() -> None:
    """Forget proofs that nobody can use any more; running it again finds nothing."""
    with transaction() as session:
        usecases.purge_proofs(session)
