"""Housekeeping of customers."""

from __future__ import annotations

from app.customers import usecases
from app.kernel.db import transaction
from app.kernel.jobs import task


@task("customers.forget_sign_in_traces", cron="37 3 * * *")
def forget_sign_in_traces() -> None:
    """Delete what unfinished sign-ins left behind; running it again finds nothing."""
    with transaction() as session:
        usecases.forget_sign_in_traces(session)
