"""What each answer and notice of WeChat and WeChat Pay looks like, as the platform's pages document it.

One shape a call: the names that must be there, those that may (`Maybe`), and what a value is made of. A name that is
not documented is a misfit too: the sandbox must not teach a client anything that the real one does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    """A text of this form."""

    form: str = r"(?s).*"

    def misfits(self, value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(self.form, value):
            yield f"{at}: {value!r} is no text like {self.form}"


@dataclass(frozen=True)
class Whole:
    """A whole number, at least so much; JSON's true and 1.0 are none."""

    least: int = 0

    def misfits(self, value: object, at: str) -> Iterator[str]:
        if type(value) is not int or value < self.least:
            yield f"{at}: {value!r} is no whole number from {self.least}"


@dataclass(frozen=True)
class OneOf:
    """Exactly one of these values."""

    values: tuple[object, ...]

    def misfits(self, value: object, at: str) -> Iterator[str]:
        if value not in self.values:
            yield f"{at}: {value!r} is none of {self.values}"


@dataclass(frozen=True)
class Either:
    """Any of these shapes: the platform's own pages differ."""

    shapes: tuple[Any, ...]

    def misfits(self, value: object, at: str) -> Iterator[str]:
        found = [list(misfits(shape, value, at)) for shape in self.shapes]
        if all(found):
            yield from found[0]


@dataclass(frozen=True)
class Maybe:
    """May be absent."""

    shape: Any


def misfits(shape: Any, value: object, at: str = "") -> Iterator[str]:
    """Where a value is not as documented, each with its place; nothing when it is."""
    if isinstance(shape, dict):
        yield from _object(shape, value, at)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{at}: no list"
        else:
            for place, one in enumerate(value):
                yield from misfits(shape[0], one, f"{at}/{place}")
    else:
        yield from shape.misfits(value, at)


def _object(shape: Mapping[str, Any], value: object, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: no object"
        return
    for name in value.keys() - shape.keys():
        yield f"{at}/{name}: is not documented"
    for name, inner in shape.items():
        known = inner.shape if isinstance(inner, Maybe) else inner
        if name in value:
            yield from misfits(known, value[name], f"{at}/{name}")
        elif not isinstance(inner, Maybe):
            yield f"{at}/{name}: is missing"


ANY, SHORT, FEN = Text(), Text(r".{1,32}"), Whole(1)
NUMBER = Text(r"[0-9A-Za-z_\-|*]{6,32}")
OPENID = Text(r"o[0-9A-Za-z_\-]{10,63}")
INSTANT = Text(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+\d\d:\d\d|Z)")
CNY = OneOf(("CNY",))
BASE64 = Text(r"[A-Za-z0-9+/]+={0,2}")
ZERO = Maybe(OneOf((0,)))
OK_TEXT = Maybe(Text(r"ok.*"))

REFUND_AMOUNT = {"total": FEN, "refund": FEN, "payer_total": Whole(), "payer_refund": Whole()}
REFUND_ANSWER = {
    "refund_id": SHORT,
    "out_refund_no": Text(r"[0-9A-Za-z_\-|*@]{1,64}"),
    "transaction_id": SHORT,
    "out_trade_no": NUMBER,
    "channel": OneOf(("ORIGINAL", "BALANCE", "OTHER_BALANCE", "OTHER_BANKCARD")),
    "user_received_account": ANY,
    "success_time": Maybe(INSTANT),
    "create_time": INSTANT,
    "status": OneOf(("SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL")),
    "funds_account": Maybe(ANY),
    "promotion_detail": Maybe([{}]),
    "amount": REFUND_AMOUNT
    | {
        "from": Maybe([{"account": ANY, "amount": FEN}]),
        "settlement_refund": Whole(),
        "settlement_total": Whole(),
        "discount_refund": Whole(),
        "currency": CNY,
        "refund_fee": Maybe(Whole()),
    },
}
UNPAID = {
    "appid": SHORT,
    "mchid": SHORT,
    "out_trade_no": NUMBER,
    "trade_state": OneOf(("NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR")),
    "trade_state_desc": ANY,
    "attach": Maybe(ANY),
    "payer": Maybe({"openid": Maybe(OPENID)}),
    "promotion_detail": Maybe([{}]),
    "amount": Maybe({"total": FEN, "currency": CNY, "payer_currency": Maybe(CNY)}),
}
PAID = UNPAID | {
    "trade_state": OneOf(("SUCCESS", "REFUND")),
    "transaction_id": Text(r"\d{28}"),
    "trade_type": OneOf(("JSAPI", "MWEB", "NATIVE", "APP")),
    "bank_type": SHORT,
    "success_time": INSTANT,
    "payer": {"openid": OPENID},
    "amount": {"total": FEN, "payer_total": Whole(), "currency": CNY, "payer_currency": CNY},
}
SEALED = {
    "algorithm": OneOf(("AEAD_AES_256_GCM",)),
    "ciphertext": BASE64,
    "associated_data": Maybe(ANY),
    "nonce": Text(r"[\x21-\x7e]{12}"),
}
NOTICE = {
    "id": Text(r".{1,36}"),
    "create_time": INSTANT,
    "resource_type": OneOf(("encrypt-resource",)),
    "event_type": OneOf(("TRANSACTION.SUCCESS", "REFUND.SUCCESS", "REFUND.ABNORMAL", "REFUND.CLOSED")),
    "summary": Text(r".{1,64}"),
    "resource": SEALED | {"original_type": OneOf(("transaction", "refund"))},
}
ISSUED = {"access_token": Text(r"\S{1,512}"), "expires_in": Whole(1)}

# By call: WeChat Pay (paths below /v3), the mini-program, the official account.
SHAPES: dict[str, Any] = {
    "pay: jsapi": {"prepay_id": Text(r"wx\w{10,62}")},
    "pay: native": {"code_url": Text(r"weixin://wxpay/bizpayurl\?pr=\w+")},
    "pay: h5": {"h5_url": Text(r"https?://\S+[?&]prepay_id=\S+")},
    "pay: query unpaid": UNPAID,
    "pay: query paid": PAID,
    "pay: refund": REFUND_ANSWER,
    "pay: certificates": {
        "data": [
            {
                "serial_no": Text(r"[0-9A-F]{40}"),
                "effective_time": INSTANT,
                "expire_time": INSTANT,
                "encrypt_certificate": SEALED | {"associated_data": OneOf(("certificate",))},
            }
        ]
    },
    "pay: bill": {"hash_type": OneOf(("SHA1",)), "hash_value": Text(r"[0-9a-f]{40}"), "download_url": Text(r"http\S+")},
    "pay: refusal": {
        "code": Text(r"[A-Z_]+"),
        "message": ANY,
        "detail": Maybe(
            {
                "field": ANY,
                "value": Maybe(Either((ANY, Whole(-(2**63)), OneOf((None,))))),
                "issue": ANY,
                "location": ANY,
            }
        ),
    },
    "pay: notice": NOTICE,
    "pay: notice of a payment": PAID,
    "pay: notice of a refund": {
        "mchid": SHORT,
        "out_trade_no": NUMBER,
        "transaction_id": SHORT,
        "out_refund_no": Text(r"[0-9A-Za-z_\-|*@]{1,64}"),
        "refund_id": SHORT,
        "refund_status": OneOf(("SUCCESS", "CLOSED", "ABNORMAL")),
        "success_time": Maybe(INSTANT),
        "user_received_account": ANY,
        "amount": REFUND_AMOUNT,
    },
    "mini: code2Session": {"openid": OPENID, "session_key": Text(r"[A-Za-z0-9+/]{22}=="), "unionid": Maybe(OPENID)},
    "mini: token": ISSUED,
    "mini: stable token": ISSUED,
    "mini: checksession": {"errcode": ZERO, "errmsg": OK_TEXT},
    "mini: resetusersessionkey": {"errcode": ZERO, "errmsg": OK_TEXT, "openid": OPENID, "session_key": BASE64},
    "mini: phone number": {
        "errcode": ZERO,
        "errmsg": OK_TEXT,
        "phone_info": {
            "phoneNumber": Text(r"\+?\d{6,20}"),
            "purePhoneNumber": Text(r"\d{6,20}"),
            "countryCode": Either((Text(r"\d{1,4}"), Whole(1))),
            "watermark": {"timestamp": Whole(1), "appid": SHORT},
        },
    },
    "mini: url link": {"errcode": ZERO, "errmsg": OK_TEXT, "url_link": Text(r"https?://\S+")},
    "mini: scheme": {"errcode": ZERO, "errmsg": OK_TEXT, "openlink": Text(r"weixin://dl/business/\?t=\S+")},
    "mini: subscribe send": {"errcode": ZERO, "errmsg": OK_TEXT, "msgid": Maybe(Either((Whole(), Text(r"\d+"))))},
    "mini: content check": {
        "errcode": ZERO,
        "errmsg": OK_TEXT,
        "trace_id": ANY,
        "result": {"suggest": OneOf(("pass", "review", "risky")), "label": Whole()},
        "detail": [
            {
                "strategy": ANY,
                "errcode": Whole(),
                "suggest": Maybe(ANY),
                "label": Maybe(Whole()),
                "prob": Maybe(Whole()),
                "level": Maybe(Whole()),
                "keyword": Maybe(ANY),
            }
        ],
    },
    "oa: access token": ISSUED
    | {
        "refresh_token": ANY,
        "openid": OPENID,
        "scope": OneOf(("snsapi_base", "snsapi_userinfo")),
        "unionid": Maybe(OPENID),
        "is_snapshotuser": Maybe(OneOf((1,))),
    },
    "oa: refreshed token": ISSUED | {"refresh_token": ANY, "openid": OPENID, "scope": ANY},
    "oa: userinfo": {
        "openid": OPENID,
        "nickname": ANY,
        "headimgurl": ANY,
        "unionid": Maybe(OPENID),
        "sex": Maybe(Whole()),
        **{name: Maybe(ANY) for name in ("province", "city", "country", "language")},
        "privilege": Maybe([ANY]),
    },
    "oa: auth": {"errcode": ZERO, "errmsg": OK_TEXT},
    "oa: ticket": {"errcode": ZERO, "errmsg": OK_TEXT, "ticket": Text(r"\S{1,512}"), "expires_in": Whole(1)},
    "platform: refusal": {"errcode": Either((Whole(1), OneOf((-1,)))), "errmsg": Text(r".* rid: [0-9a-f-]+")},
}
