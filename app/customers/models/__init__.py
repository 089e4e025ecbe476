"""Tables of customers, by subject."""

from app.customers.models.people import (
    Consent,
    ConsentText,
    Customer,
    CustomerSession,
    Enterprise,
    IdentityCheck,
    Membership,
    OauthState,
    PhoneCode,
    StepUp,
    WechatIdentity,
)
from app.customers.models.phone_changes import CoolOffRule, PhoneChange

__all__ = [
    "Consent",
    "ConsentText",
    "CoolOffRule",
    "Customer",
    "CustomerSession",
    "Enterprise",
    "IdentityCheck",
    "Membership",
    "OauthState",
    "PhoneChange",
    "PhoneCode",
    "StepUp",
    "WechatIdentity",
]
