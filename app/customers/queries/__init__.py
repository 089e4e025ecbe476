"""What others may read of customers."""

from app.customers.queries.consents import ConsentTextView, ConsentView, agreed_text, consents, current_texts, granted
from app.customers.queries.enterprises import (
    EnterpriseView,
    MembershipView,
    enterprise,
    enterprises,
    enterprises_of,
    membership,
)
from app.customers.queries.people import (
    CustomerUnknown,
    IdentityView,
    Person,
    cool_off_until,
    customer_page,
    identity_by_openid,
    payer_openid,
    person,
    wechat_apps,
    wechat_identity,
)
from app.customers.queries.sessions import SessionView, live_sessions

__all__ = [
    "ConsentTextView",
    "ConsentView",
    "CustomerUnknown",
    "EnterpriseView",
    "IdentityView",
    "MembershipView",
    "Person",
    "SessionView",
    "agreed_text",
    "consents",
    "cool_off_until",
    "current_texts",
    "customer_page",
    "enterprise",
    "enterprises",
    "enterprises_of",
    "granted",
    "identity_by_openid",
    "live_sessions",
    "membership",
    "payer_openid",
    "person",
    "wechat_apps",
    "wechat_identity",
]
