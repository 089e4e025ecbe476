"""What others may read of customers."""

from app.customers.queries.consents import ConsentTextView, ConsentView, consents, current_texts, granted
from app.customers.queries.enterprises import (
    EnterpriseView,
    MembershipView,
    enterprise,
    enterprises_of,
    membership,
)
from app.customers.queries.people import Person, customer_page, payer_openid, person, wechat_apps

__all__ = [
    "ConsentTextView",
    "ConsentView",
    "EnterpriseView",
    "MembershipView",
    "Person",
    "consents",
    "current_texts",
    "customer_page",
    "enterprise",
    "enterprises_of",
    "granted",
    "membership",
    "payer_openid",
    "person",
    "wechat_apps",
]
