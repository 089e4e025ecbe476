"""What WeChat Pay's error codes mean to us; spelled with or without underscores, by the age of the page."""

from __future__ import annotations

import re

from app.adapters.wechat_pay import (
    MerchantNotReady,
    NumberUsed,
    OrderAlreadyPaid,
    OrderBeingPaid,
    OrderClosed,
    OrderUnknown,
    PayRefused,
    PayUnavailable,
)
from app.kernel.errors import Problem

_CODE = re.compile(r"[A-Z0-9_]{1,64}")
_ALARMS = (
    *("SIGNERROR", "NOAUTH", "APPIDMCHIDNOTMATCH", "MCHNOTEXISTS", "MCHNOTEXIST", "NOTENOUGH"),
    *("INVALIDMCHID", "MCHIDNOTEXIST"),
)
_KINDS: dict[str, type[Problem]] = {
    "ORDERPAID": OrderAlreadyPaid,
    "ORDERCLOSED": OrderClosed,
    "ORDERNOTEXIST": OrderUnknown,
    "RESOURCENOTEXISTS": OrderUnknown,
    "OUTTRADENOUSED": NumberUsed,
    "USERPAYING": OrderBeingPaid,
    "SYSTEMERROR": PayUnavailable,
    "BANKERROR": PayUnavailable,
    "FREQUENCYLIMITED": PayUnavailable,
    "FREQUENCYLIMITEXCEED": PayUnavailable,
    "RATELIMITEXCEEDED": PayUnavailable,
    "OPENIDMISMATCH": PayRefused,
    "INVALIDTRANSACTIONID": PayRefused,
    **dict.fromkeys(_ALARMS, MerchantNotReady),
}


def refusal(status: int, code: str, field: str | None = None) -> Problem:
    """The error for a code; one that is not listed is unknown (202, 401, 429, 5xx) or a refusal (other 4xx)."""
    code = code if _CODE.fullmatch(code) else "UNKNOWN"
    unsure = status >= 500 or status in (202, 401, 429)
    kind = _KINDS.get(code.upper().replace("_", ""), PayUnavailable if unsure else PayRefused)
    context = {"vendor_code": code, **({"field": field} if field else {})}
    return kind(f"WeChat Pay answered {code}.", **context)
