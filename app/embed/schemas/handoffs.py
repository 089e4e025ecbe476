"""What desktops and phones send and see of hand-offs."""

from __future__ import annotations

from marshmallow import fields, validate

from app.embed.schemas.sessions import FrameOrderOut, FramePartnerOut
from app.kernel.web.paging import page_schema
from app.kernel.web.routing import In, Out

SCENE = validate.Regexp(r"epc_[A-Za-z0-9_-]{20,28}\Z")


class PictureOut(Out):
    """Dark squares as an SVG path."""

    size = fields.Integer(required=True)
    path = fields.String(required=True)


class HandoffOut(Out):
    """A way to a phone, good for one use. `mini_program_code`: WeChat's code of it as a data URL, null while WeChat
    cannot be asked; `picture`: a QR code of `url`, which any phone's browser opens, as an SVG path over `size` × `size`
    units. Both hold the same code: the first phone that takes over wins."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    match_number = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    picture = fields.Nested(PictureOut, required=True)
    mini_program_code = fields.String(required=True, allow_none=True)


class HandoffStateOut(Out):
    """How far the phone is. `status`: waiting, scanned, confirmed (by a customer in the mini-program), stopped (there),
    expired; the others say how the order stands."""

    status = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    order_status = fields.String(required=True, allow_none=True)
    application_status = fields.String(required=True, allow_none=True)


class SceneIn(In):
    """The scene of the mini-program code that was scanned, decoded."""

    scene = fields.String(required=True, validate=SCENE)


class ScannedOrderOut(Out):
    """What the code leads to. Ask the person which of `match_choices` stands on the desktop."""

    partner = fields.Nested(FramePartnerOut, required=True)
    order = fields.Nested(FrameOrderOut, required=True, allow_none=True)
    match_choices = fields.List(fields.String(), required=True)
    expires_at = fields.AwareDateTime(required=True)


class StoppedOut(Out):
    """The code is worth nothing from now on."""

    stopped = fields.Boolean(required=True)


class TakeOverIn(SceneIn):
    """The scene, and the number that the person sees on the desktop."""

    match_number = fields.String(required=True, validate=validate.Regexp(r"[0-9]{2}\Z"))


class OwnHandoffOut(Out):
    """An order that you took over. `status`: confirmed, stopped or expired; apply for it until `expires_at`."""

    id = fields.UUID(required=True)
    status = fields.String(required=True)
    partner = fields.Nested(FramePartnerOut, required=True)
    order = fields.Nested(FrameOrderOut, required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)


OwnHandoffPageOut = page_schema("OwnHandoffPageOut", OwnHandoffOut)
