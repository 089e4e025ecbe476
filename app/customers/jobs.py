"""What customers are told outside any request."""

from __future__ import annotations

from uuid import UUID

from app.adapters import channels
from app.customers import usecases
from app.customers.domain.phone_changes import OLD_PHONE_TEMPLATE
from app.kernel.db import transaction
from app.kernel.jobs import task


@task("customers.tell_old_phone")
def tell_old_phone(*, change_id: str) -> None:
    """The phone that was is told that it is no longer; the vendor delivers one number once."""
    with transaction() as session:
        told = usecases.farewell(session, change_id=UUID(change_id))
    channels().sms.send(
        message_no=told.message_no,
        phone=told.phone,
        template=OLD_PHONE_TEMPLATE,
        params={"phone": told.new_phone},
    )
