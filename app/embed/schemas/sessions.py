"""What partners and frames send and see of embed sessions."""

from __future__ import annotations

from marshmallow import fields, validate

from app.embed.domain import LOCALES, LONGEST_RETURN, MODES
from app.kernel.web.routing import In, Out
from app.orders.domain import REF_PATTERN

MOST_FEN = 10**12
REF = validate.Regexp(REF_PATTERN, error="1 to 64 letters, digits, dots, underscores, colons, hyphens.")
ACTIONS = ("view", "repay")


class PlainOptionsIn(In):
    """A component without options: `{}`."""


class ApplyOptionsIn(In):
    """`max_amount_fen`: an order above it is refused."""

    max_amount_fen = fields.Integer(strict=True, validate=validate.Range(1, MOST_FEN))


class ManageOptionsIn(In):
    """What the customer may do with a loan in this frame."""

    actions = fields.List(
        fields.String(validate=validate.OneOf(ACTIONS)), validate=validate.Length(1, 2), load_default=["view"]
    )


class ComponentsIn(In):
    """Which components the token opens; what is not named is not granted."""

    offer = fields.Nested(PlainOptionsIn)
    apply = fields.Nested(ApplyOptionsIn)
    manage = fields.Nested(ManageOptionsIn)
    handoff = fields.Nested(PlainOptionsIn)
    explain = fields.Nested(PlainOptionsIn)


class SessionOrderIn(In):
    """The order that the loan pays. `merchant_ref`: registered before with PUT /partner/v1/merchants."""

    order_ref = fields.String(required=True, validate=REF)
    merchant_ref = fields.String(required=True, validate=REF)
    title = fields.String(required=True, validate=validate.Length(1, 100))
    amount_fen = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_FEN))


class EmbedSessionIn(In):
    """A session for one of your customers. `customer_ref` is your opaque name for the customer, no personal number;
    `return_url`, on one of `origins`, is where our full page leads back to."""

    customer_ref = fields.String(required=True, validate=validate.Regexp(r"[\x21-\x7e]{1,128}\Z"))
    origins = fields.List(
        fields.String(validate=validate.Length(1, 255)), required=True, validate=validate.Length(1, 10)
    )
    components = fields.Nested(ComponentsIn, required=True, validate=validate.Length(min=1))
    order = fields.Nested(SessionOrderIn, load_default=None)
    mode = fields.String(load_default=None, validate=validate.OneOf(MODES))
    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(LOCALES))
    return_url = fields.String(load_default=None, validate=validate.Length(1, LONGEST_RETURN))


class EmbedSessionOut(Out):
    """The client token goes to your page and from there to our frame; never put it into a URL. Without a frame send
    the browser to `redirect_url`: it holds a code of its own. Token or code, whichever comes first, opens it once."""

    id = fields.UUID(required=True)
    client_token = fields.String(required=True, metadata={"example": "ect_…"})
    expires_at = fields.AwareDateTime(required=True)
    components = fields.List(fields.String(), required=True)
    mode = fields.String(required=True)
    redirect_url = fields.String(required=True)


class FrameSessionIn(In):
    """`parent_origin`: the page that holds the frame; null when the frame is a page of its own."""

    client_token = fields.String(required=True, validate=validate.Regexp(r"ect_[A-Za-z0-9_-]{20,80}\Z"))
    parent_origin = fields.String(load_default=None, validate=validate.Length(1, 255))


class FramePartnerOut(Out):
    """Whose page the customer comes from."""

    name = fields.String(required=True)


class FrameOrderOut(Out):
    """The order that the loan is to pay."""

    order_ref = fields.String(required=True)
    title = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    merchant_name = fields.String(required=True)
    status = fields.String(required=True)
    application_id = fields.UUID(required=True, allow_none=True)


class FrameContextOut(Out):
    """Where the frame is and what for. `session_id`: the partner's name for the session, which its events carry."""

    session_id = fields.UUID(required=True, attribute="embed_session_id")
    partner = fields.Nested(FramePartnerOut, required=True)
    order = fields.Nested(FrameOrderOut, required=True, allow_none=True)
    components = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)
    mode = fields.String(required=True)
    locale = fields.String(required=True)


class FrameSessionOut(FrameContextOut):
    """The frame token is sent as `Authorization: DPoP …` with a proof by the same key in the DPoP header.

    It ends 15 minutes after its last use, two hours at most."""

    frame_token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class PageSessionIn(In):
    """The code from the page's fragment."""

    code = fields.String(required=True, validate=validate.Regexp(r"epc_[A-Za-z0-9_-]{20,80}\Z"))


class PageSessionOut(FrameSessionOut):
    """A frame session in a page of our own. `return_to` leads back to the partner; `match_number`, after a picture was
    scanned, must be the one on the other screen."""

    return_to = fields.String(required=True, allow_none=True)
    match_number = fields.String(required=True, allow_none=True)


class FrameApplicationIn(In):
    """The terms the customer chooses; amount and payee are the order's."""

    enterprise_id = fields.UUID(required=True)
    product_code = fields.String(required=True, validate=validate.Length(1, 32))
    term_months = fields.Integer(required=True, strict=True, validate=validate.Range(1, 360))
    method = fields.String(required=True, validate=validate.Length(1, 32))


class FrameApplicationOut(Out):
    """The application; follow it under /customer/v1/applications with the customer's session."""

    id = fields.UUID(required=True, attribute="application_id")
    number = fields.String(required=True)
    status = fields.String(required=True)
    product_code = fields.String(required=True)
    amount_fen = fields.Integer(required=True)
    term_months = fields.Integer(required=True)
    method = fields.String(required=True)


class WordsOut(Out):
    """The same words in Chinese and English."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class ConfigProductOut(Out):
    """The terms a badge computes with. Rates are yearly, as text; amounts in fen."""

    code = fields.String(required=True)
    name = fields.Nested(WordsOut, required=True)
    min_fen = fields.Integer(required=True)
    max_fen = fields.Integer(required=True)
    terms_months = fields.List(fields.Integer(), required=True)
    methods = fields.List(fields.String(), required=True)
    lowest_annual_rate = fields.String(required=True)
    highest_annual_rate = fields.String(required=True)
    all_in_cap = fields.String(required=True)


class ConfigOut(Out):
    """Everything a badge needs, nothing of any person; the same for every page."""

    lender = fields.Nested(WordsOut, required=True)
    color = fields.String(required=True, metadata={"description": "Of the bank's buttons, fit under white text"})
    mode = fields.String(required=True)
    products = fields.List(fields.Nested(ConfigProductOut), required=True)
