"""What partners send and see of the simulation."""

from __future__ import annotations

from marshmallow import validate
from webargs import fields

from app.kernel.web.routing import In, Out
from app.simulation.domain import MOST_DAYS


class AdvanceIn(In):
    """How far the clock goes on; days and hours are added."""

    days = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_DAYS))
    hours = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_DAYS * 24))


class AdvanceOut(Out):
    """One way of the clock; business days that ended on it were closed one by one."""

    id = fields.UUID(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["moving", "done"]))
    from_at = fields.AwareDateTime(required=True)
    to_at = fields.AwareDateTime(required=True)
    reached_at = fields.AwareDateTime(required=True)
    days = fields.Integer(required=True, metadata={"description": "Business days that end on the way"})
    days_done = fields.Integer(required=True)


class ClockOut(Out):
    """The one clock of this test deployment, for all its partners."""

    now = fields.AwareDateTime(required=True)
    ahead_s = fields.Integer(required=True, metadata={"description": "Seconds ahead of the machines"})
    latest = fields.Nested(AdvanceOut, required=True, allow_none=True)
