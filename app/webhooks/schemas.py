"""What partners send and see of webhooks."""

from __future__ import annotations

from marshmallow import fields, validate

from app.kernel.web.paging import page_schema
from app.kernel.web.routing import In, Out
from app.webhooks.ssrf import LONGEST_URL


class EndpointIn(In):
    """Where to tell you of which events; `["*"]` for all, also for later types."""

    url = fields.String(required=True, validate=validate.Length(1, LONGEST_URL))
    event_types = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=["*"], validate=validate.Length(1, 50)
    )


class EndpointOut(Out):
    """One of your endpoints."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    event_types = fields.List(fields.String(), required=True)
    status = fields.String(required=True, validate=validate.OneOf(["active", "disabled"]))
    disabled_reason = fields.String(required=True, allow_none=True)
    failing_since = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class NewEndpointOut(Out):
    """The secret is shown this once. `public_key` verifies the v1a signatures of all deliveries of this bank."""

    endpoint = fields.Nested(EndpointOut, required=True)
    secret = fields.String(required=True, metadata={"example": "whsec_…"})
    public_key = fields.String(required=True, metadata={"example": "whpk_…"})


class EventOut(Out):
    """What you were told; `id` is the webhook-id of its deliveries."""

    id = fields.String(required=True)
    type = fields.String(required=True)
    timestamp = fields.String(required=True)
    data = fields.Dict(required=True)


class AttemptOut(Out):
    """One delivery that was tried. `answer_start` is what your server said: escape it before you show it."""

    event_id = fields.String(required=True)
    type = fields.String(required=True)
    number = fields.Integer(required=True)
    opened_at = fields.AwareDateTime(required=True)
    outcome = fields.String(required=True, allow_none=True)
    http_status = fields.Integer(required=True, allow_none=True)
    duration_ms = fields.Integer(required=True, allow_none=True)
    answer_start = fields.String(required=True, allow_none=True)


class ReplayOut(Out):
    """To how many endpoints the event is sent again."""

    event_id = fields.String(required=True)
    endpoints = fields.Integer(required=True)


EndpointPageOut = page_schema("EndpointPageOut", EndpointOut)
EventPageOut = page_schema("EventPageOut", EventOut)
AttemptPageOut = page_schema("AttemptPageOut", AttemptOut)
