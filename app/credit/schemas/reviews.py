"""Reviews of refusals by a person."""

from __future__ import annotations

from marshmallow import fields, validate

from app.kernel.web.routing import In, Out


class ReviewIn(In):
    """What the person should know."""

    words = fields.String(required=True, validate=validate.Length(1, 1_000))


class ReviewOut(Out):
    """A review. `status`: open, claimed (somebody looks), upheld, reapply (apply again at once)."""

    status = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(required=True)
    answer = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
