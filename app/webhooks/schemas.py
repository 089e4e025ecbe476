"""What partners send and see of webhooks."""

from __future__ import annotations

from marshmallow import validate
from webargs import fields

from app.kernel.web.paging import PageIn, page_schema
from app.kernel.web.routing import In, Out
from app.partners.domain.versions import NEWEST
from app.webhooks.domain.told import TYPES
from app.webhooks.ssrf import LONGEST_URL


class EndpointIn(In):
    """Where to tell you of which events; `["*"]` for all, also for later types."""

    url = fields.String(required=True, validate=validate.Length(1, LONGEST_URL))
    event_types = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=["*"], validate=validate.Length(1, 50)
    )
    version = fields.String(load_default=None, validate=validate.Length(max=10), metadata={"example": NEWEST})


class EndpointOut(Out):
    """One of your endpoints."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    event_types = fields.List(fields.String(), required=True)
    status = fields.String(required=True, validate=validate.OneOf(["active", "disabled"]))
    disabled_reason = fields.String(required=True, allow_none=True)
    version = fields.String(required=True, metadata={"description": "Of its bodies, for ever", "example": NEWEST})
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
    version = fields.String(allow_none=True, metadata={"description": "From version 2026-11-23 on"})


class EventsIn(PageIn):
    """Which events. `after` an event's id or an instant: oldest first from there; else newest first, in pages."""

    after = fields.String(load_default=None, validate=validate.Length(1, 64))
    types = fields.DelimitedList(
        fields.String(validate=validate.OneOf(sorted(TYPES))), load_default=[], validate=validate.Length(max=50)
    )


class ReplayRangeIn(In):
    """What is sent again: what happened from one instant to before another (default: now)."""

    from_ = fields.AwareDateTime(required=True, data_key="from")
    to = fields.AwareDateTime(load_default=None)
    types = fields.List(fields.String(), load_default=[], validate=validate.Length(max=50))
    endpoint_id = fields.UUID(load_default=None, metadata={"description": "Only to this endpoint"})


class ReplayRangeOut(Out):
    """How many events are sent again, and how many messages that makes at all endpoints."""

    events = fields.Integer(required=True)
    messages = fields.Integer(required=True)


class AttemptOut(Out):
    """One delivery that was tried. `answer_start` is what your server said: escape it before you show it."""

    id = fields.UUID(required=True)
    event_id = fields.String(required=True)
    type = fields.String(required=True)
    number = fields.Integer(required=True)
    opened_at = fields.AwareDateTime(required=True)
    outcome = fields.String(required=True, allow_none=True)
    http_status = fields.Integer(required=True, allow_none=True)
    duration_ms = fields.Integer(required=True, allow_none=True)
    answer_start = fields.String(required=True, allow_none=True)


class SentOut(Out):
    """What was sent in one try; the signatures are left out."""

    url = fields.String(required=True)
    headers = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    body = fields.String(required=True)


class AttemptDetailOut(AttemptOut):
    """One delivery that was tried, with what was sent."""

    request = fields.Nested(SentOut, required=True)


class ReplayOut(Out):
    """To how many endpoints the event is sent again."""

    event_id = fields.String(required=True)
    endpoints = fields.Integer(required=True)


class TriggerIn(In):
    """Which message is sent, with invented content."""

    type = fields.String(required=True, metadata={"example": "order.financed"})


class TriggerOut(Out):
    """The message's type and the id of its invented object."""

    type = fields.String(required=True)
    object_id = fields.UUID(required=True)


EndpointPageOut = page_schema("EndpointPageOut", EndpointOut)
EventPageOut = page_schema("EventPageOut", EventOut)
AttemptPageOut = page_schema("AttemptPageOut", AttemptOut)
