"""What customers send and get about messages."""

from __future__ import annotations

from marshmallow import fields, validate

from app.kernel.web.paging import PageIn
from app.kernel.web.routing import In, Out
from app.messages.domain.texts import KINDS, LOCALES

TEMPLATE_ID = validate.Length(min=1, max=64)
KIND = validate.OneOf(list(KINDS))
MOST_TEMPLATES = 3  # of one wx.requestSubscribeMessage


class LocaleIn(In):
    """In which language."""

    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(LOCALES))


class MessagesIn(PageIn):
    """Which page of the inbox, and in which language."""

    locale = fields.String(load_default="zh-CN", validate=validate.OneOf(LOCALES))


class MessageOut(Out):
    """One message; `subject_id` is the application, loan or other thing it is about."""

    id = fields.UUID(required=True, attribute="message_id")
    kind = fields.String(required=True, validate=KIND)
    title = fields.String(required=True)
    text = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class MessagePageOut(Out):
    """One page of the inbox, and how many messages of all are unread."""

    items = fields.List(fields.Nested(MessageOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    unread_count = fields.Integer(required=True)


class MessageTemplateOut(Out):
    """A kind of message that the mini-program may ask for, and how many are allowed still."""

    kind = fields.String(required=True, validate=KIND)
    template_id = fields.String(required=True)
    left = fields.Integer(required=True)


class MessageTemplatesOut(Out):
    """What to hand to wx.requestSubscribeMessage, three ids at most at a time."""

    items = fields.List(fields.Nested(MessageTemplateOut), required=True)


class MessageGrantsIn(In):
    """What wx.requestSubscribeMessage answered: the template ids with `accept`, and those with `reject`."""

    accepted = fields.List(
        fields.String(validate=TEMPLATE_ID), load_default=[], validate=validate.Length(max=MOST_TEMPLATES)
    )
    rejected = fields.List(
        fields.String(validate=TEMPLATE_ID), load_default=[], validate=validate.Length(max=MOST_TEMPLATES)
    )
