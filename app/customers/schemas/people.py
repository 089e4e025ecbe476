"""Signing in, the account and its devices: every field listed, personal data masked."""

from __future__ import annotations

import re

from marshmallow import fields, validate

from app.customers.domain.sessions import STEP_UP_TEMPLATES
from app.kernel.web.paging import page_schema
from app.kernel.web.routing import In, Out

# \Z, not $: a line feed at the end is not part of a number
PHONE = validate.Regexp(re.compile(r"1[3-9][0-9]{9}\Z"), error="A mainland mobile number: 11 digits.")
SIX_DIGITS = validate.Regexp(re.compile(r"[0-9]{6}\Z"), error="Six digits.")
VENDOR_CODE = validate.Length(min=1, max=256)


class PhoneCodeIn(In):
    """Where a code is sent."""

    phone = fields.String(required=True, validate=PHONE)


class PhoneCodeOut(Out):
    """A code on its way; the same answer whether or not the number is known here."""

    code_id = fields.UUID(required=True)
    expires_at = fields.AwareDateTime(required=True)
    resend_after_s = fields.Integer(required=True)


class PhoneSignInIn(In):
    """A code as received. `phone` is left out only after `sign_in.second_factor_needed`."""

    code_id = fields.UUID(required=True)
    phone = fields.String(load_default=None, validate=PHONE)
    code = fields.String(required=True, validate=SIX_DIGITS)


class MiniProgramIn(In):
    """What `wx.login` gave."""

    login_code = fields.String(required=True, validate=VENDOR_CODE)


class MiniProgramPhoneIn(In):
    """What the getPhoneNumber button gave."""

    phone_code = fields.String(required=True, validate=VENDOR_CODE)


class WechatStartIn(In):
    """Where on this site to return to after WeChat's page."""

    return_path = fields.String(required=True, validate=validate.Length(min=1, max=300))


class WechatStartOut(Out):
    """Where to send the browser."""

    authorize_url = fields.String(required=True)


class OneTimeCodeIn(In):
    """What stands after `#wechat_code=` when WeChat's page has returned."""

    one_time_code = fields.String(required=True, validate=VENDOR_CODE)


class CustomerOut(Out):
    """A customer as shown to themselves: masked."""

    id = fields.UUID(required=True, attribute="customer_id")
    level = fields.String(required=True, validate=validate.OneOf(["phone", "identified"]))
    phone = fields.String(required=True, metadata={"example": "138****0721"})
    name = fields.String(required=True, allow_none=True, metadata={"example": "测*"})
    id_no = fields.String(required=True, allow_none=True)
    identified_at = fields.AwareDateTime(required=True, allow_none=True)


class SignedInOut(Out):
    """A session. Without a phone (`phone_needed`) it serves only to finish signing in."""

    token = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    phone_needed = fields.Boolean(required=True)
    new_customer = fields.Boolean(required=True)
    ended_elsewhere = fields.Boolean(required=True)  # this WeChat account was signed out: it needs a code again
    customer = fields.Nested(CustomerOut, required=True, allow_none=True)


class MeOut(CustomerOut):
    """The person signed in, and this session."""

    wechat_apps = fields.List(fields.String(), required=True)
    session_id = fields.UUID(required=True)
    channel = fields.String(required=True)


class SessionOut(Out):
    """One signed-in device."""

    id = fields.UUID(required=True, attribute="session_id")
    channel = fields.String(required=True)
    device = fields.String(required=True)
    seen_from = fields.String(required=True, allow_none=True, metadata={"example": "203.0.113.*"})
    current = fields.Boolean(required=True)
    live = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    seen_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)


class SessionsEndedOut(Out):
    """How many devices were signed out."""

    ended_count = fields.Integer(required=True)


class IdentityIn(In):
    """Name and resident ID number as on the card."""

    name = fields.String(required=True, validate=validate.Length(min=2, max=60))
    id_no = fields.String(required=True, validate=validate.Length(min=15, max=24))


class EnterpriseIn(In):
    """The unified social credit code on the business licence."""

    uscc = fields.String(required=True, validate=validate.Length(min=15, max=24))


class EnterpriseOut(Out):
    """An enterprise the person acts for."""

    id = fields.UUID(required=True, attribute="enterprise_id")
    uscc = fields.String(required=True)
    name = fields.String(required=True)
    registry_status = fields.String(required=True)
    industry_code = fields.String(required=True)
    established_on = fields.Date(required=True)
    role = fields.String(required=True, validate=validate.OneOf(["legal_rep", "handler"]))
    checked_at = fields.AwareDateTime(required=True)


class StepUpCodeIn(In):
    """For which step on which thing a second factor is wanted."""

    purpose = fields.String(required=True, validate=validate.OneOf(list(STEP_UP_TEMPLATES)))
    subject_id = fields.UUID(required=True)


class StepUpIn(In):
    """The code as received."""

    code_id = fields.UUID(required=True)
    code = fields.String(required=True, validate=SIX_DIGITS)


class StepUpOut(Out):
    """The session may take this step once until `expires_at`."""

    id = fields.UUID(required=True, attribute="step_up_id")
    purpose = fields.String(required=True)
    subject_id = fields.UUID(required=True)
    expires_at = fields.AwareDateTime(required=True)


SessionPageOut = page_schema("SessionPage", SessionOut)
EnterprisePageOut = page_schema("EnterprisePage", EnterpriseOut)
