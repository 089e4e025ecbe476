"""Changes of phone."""

from __future__ import annotations

from marshmallow import fields, validate

from app.customers.schemas.people import PHONE
from app.kernel.web.routing import In, Out


class PhoneChangeIn(In):
    """The number to change to."""

    new_phone = fields.String(required=True, validate=PHONE)


class PhoneChangeOut(Out):
    """A change of phone: `opened`, `old_shown`, `done`."""

    id = fields.UUID(required=True, attribute="change_id")
    status = fields.String(required=True, validate=validate.OneOf(["opened", "old_shown", "done"]))
    new_phone = fields.String(required=True, metadata={"example": "138****0721"})
    expires_at = fields.AwareDateTime(required=True)
    cool_off_until = fields.AwareDateTime(required=True, allow_none=True)


class PhoneChangedOut(PhoneChangeOut):
    """A change that is done: this session goes on under another token."""

    token = fields.String(required=True)
    session_expires_at = fields.AwareDateTime(required=True)
