"""Consents and their texts."""

from __future__ import annotations

import re

from marshmallow import fields, validate

from app.customers.domain.consents import ASKED_KINDS, KINDS, LOCALES
from app.kernel.web.paging import PageIn, page_schema
from app.kernel.web.routing import In, Out

SHA256 = validate.Regexp(re.compile(r"[0-9a-f]{64}\Z"), error="A hex SHA-256, lower case.")
LOCALE = validate.OneOf(LOCALES)


class ConsentTextsIn(In):
    """In which language."""

    locale = fields.String(load_default="zh-CN", validate=LOCALE)


class ConsentTextOut(Out):
    """The text of one kind in force: send its version and hash back with the consent."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    version = fields.String(required=True)
    locale = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    sha256 = fields.String(required=True)
    effective_from = fields.Date(required=True)
    about_enterprise = fields.Boolean(required=True)
    names_partner = fields.Boolean(required=True)


class ConsentTextsOut(Out):
    """The texts in force, in the order in which they are asked."""

    items = fields.List(fields.Nested(ConsentTextOut), required=True)


class ConsentIn(In):
    """One consent to one text; `enterprise_id` exactly for kinds that are about an enterprise, `partner_id` exactly for
    those that name a partner."""

    kind = fields.String(required=True, validate=validate.OneOf(ASKED_KINDS))
    text_version = fields.String(required=True, validate=validate.Length(min=1, max=16))
    text_sha256 = fields.String(required=True, validate=SHA256)
    enterprise_id = fields.UUID(load_default=None)
    partner_id = fields.UUID(load_default=None)


class ConsentOut(Out):
    """One consent, also when it has ended."""

    id = fields.UUID(required=True, attribute="consent_id")
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    enterprise_id = fields.UUID(required=True, allow_none=True)
    partner_id = fields.UUID(required=True, allow_none=True)
    text_version = fields.String(required=True)
    text_locale = fields.String(required=True)
    text_sha256 = fields.String(required=True)
    granted_at = fields.AwareDateTime(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class ConsentsIn(PageIn):
    """In which language the few words about each consent are."""

    locale = fields.String(load_default="zh-CN", validate=LOCALE)


class ListedConsentOut(ConsentOut):
    """One consent and what it is for, in few words; the whole text is read by itself."""

    title = fields.String(required=True)
    purpose = fields.String(required=True)
    recipient = fields.String(required=True)
    period = fields.String(required=True)
    withdrawal = fields.String(required=True)  # what withdrawing does


class AgreedTextOut(Out):
    """The text that was agreed to, word by word."""

    title = fields.String(required=True)
    text = fields.String(required=True)
    version = fields.String(required=True)
    locale = fields.String(required=True)
    sha256 = fields.String(required=True)


ConsentPageOut = page_schema("ConsentPage", ListedConsentOut)
