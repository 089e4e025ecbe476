"""WeChat Pay v3: orders, refunds and notices of one merchant; amounts in fen, instants aware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Literal, Protocol

from app.kernel.errors import Conflict, NotFound, Unauthenticated, Unavailable, Unprocessable

NoticeFault = Literal["headers", "timestamp", "serial", "signature", "decrypt", "shape"]
BillKind = Literal["trade", "fund_flow"]
PayBy = Literal["jsapi", "h5", "native"]  # inside WeChat, a browser outside it, a code scanned from a screen


class NoticeRefused(Unauthenticated):
    """A notice that did not prove to come from WeChat Pay, unread; `code` is `wechat_pay.notice_<reason>`."""

    reason: NoticeFault

    def __init__(self, reason: NoticeFault) -> None:
        super().__init__("This is not a notice of WeChat Pay.")
        self.reason = reason
        self.code = f"wechat_pay.notice_{reason}"  # type: ignore[misc]  # one code a reason


class OrderAlreadyPaid(Conflict):
    """The order is paid: query it and book the payment."""

    code = "wechat_pay.order_paid"


class OrderClosed(Conflict):
    """The order is closed; its number is spent."""

    code = "wechat_pay.order_closed"


class OrderBeingPaid(Conflict):
    """The payer is entering the password: wait 5 s, query, then try again."""

    code = "wechat_pay.order_being_paid"


class NumberUsed(Conflict):
    """The number carries an order already: query it; go on with it if sum and payer are ours, else take a new one."""

    code = "wechat_pay.number_used"


class OrderUnknown(NotFound):
    """WeChat Pay has no order or refund with this number."""

    code = "wechat_pay.order_unknown"


class PayRefused(Unprocessable):
    """Refused by a rule of WeChat Pay; `vendor_code` in the context. Not to be repeated unchanged."""

    code = "wechat_pay.refused"


class PayUnavailable(Unavailable):
    """The result is unknown: query, then repeat with the same number; never with a new one."""

    code = "wechat_pay.unavailable"


class NoBill(NotFound):
    """Nothing happened on this day: WeChat Pay makes no bill of it."""

    code = "wechat_pay.no_bill"


class BillNotReady(Unavailable):
    """The bill is still being made: ask again in an hour."""

    code = "wechat_pay.bill_not_ready"


class BillBroken(Unavailable):
    """What was downloaded is not what WeChat Pay's hash is of: ask again."""

    code = "wechat_pay.bill_broken"


class MerchantNotReady(PayUnavailable):
    """Our own set-up or balance is refused (keys, product, sum on the account); an alarm is in the log."""

    code = "wechat_pay.merchant_not_ready"


@dataclass(frozen=True)
class PayOrder:
    """An order. `out_trade_no`: 6–32 of 0-9A-Za-z_-; all of it stays the same on a repeat.

    A JSAPI order names its payer; an H5 order the address of the payer's phone, which WeChat compares.
    """

    out_trade_no: str
    description: str
    amount_fen: int
    openid: str | None = field(repr=False)
    appid: str
    notify_url: str
    expires_at: datetime
    pay_by: PayBy = "jsapi"
    payer_address: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Transaction:
    """An order as WeChat Pay tells it: in an answer or in a notice. Nothing in it has been compared with ours yet."""

    out_trade_no: str
    transaction_id: str | None
    mchid: str
    appid: str
    trade_state: str  # SUCCESS REFUND NOTPAY CLOSED REVOKED USERPAYING PAYERROR
    amount_fen: int
    currency: str
    payer_openid: str | None = field(repr=False)
    paid_at: datetime | None
    payer_total_fen: int | None = None


@dataclass(frozen=True)
class RefundOrder:
    """A full or part refund. `out_refund_no` (≤ 64) stays the same on every repeat.

    With `transaction_id` just this payment is refunded: an order number may have been paid twice.
    """

    out_refund_no: str
    out_trade_no: str
    amount_fen: int
    order_amount_fen: int
    reason: str
    notify_url: str
    transaction_id: str | None = None


@dataclass(frozen=True)
class Refund:
    """A refund as WeChat Pay tells it. SUCCESS and CLOSED are final; ABNORMAL can still become SUCCESS."""

    out_refund_no: str
    refund_id: str
    out_trade_no: str
    transaction_id: str
    status: str  # SUCCESS CLOSED PROCESSING ABNORMAL
    amount_fen: int
    order_amount_fen: int
    refunded_at: datetime | None
    mchid: str | None  # only notices tell it
    created_at: datetime | None = None  # only answers tell it: the day on whose bill it stands
    received_by: str = field(default="", repr=False)  # WeChat Pay's words for the account, such as 支付用户零钱

    @property
    def to_merchant(self) -> bool:
        """Whether the money came to an account of the merchant (商户结算银行账户), not of the payer."""
        return self.received_by.startswith("商户")


@dataclass(frozen=True)
class Card:
    """A payer's debit card, for a refund that cannot reach the account it came from."""

    bank_type: str  # one of CARD_BANKS
    account_no: str = field(repr=False)
    account_name: str = field(repr=False)


@dataclass(frozen=True)
class Notice:
    """A verified, decrypted notice. The same event may come again under another `id`: count by the business key."""

    id: str
    event_type: str
    created_at: datetime
    transaction: Transaction | None
    refund: Refund | None


# The banks to whose debit cards WeChat Pay sends an abnormal refund, by its own codes.
CARD_BANKS = (
    *("ICBC_DEBIT", "ABC_DEBIT", "BOC_DEBIT", "CCB_DEBIT", "COMM_DEBIT", "PSBC_DEBIT", "CMB_DEBIT", "PAB_DEBIT"),
    *("SPDB_DEBIT", "CITIC_DEBIT", "CEB_DEBIT", "CMBC_DEBIT", "CIB_DEBIT", "GDB_DEBIT", "NBCB_DEBIT"),
)


class WechatPay(Protocol):
    """One merchant's WeChat Pay. Calls raise PayUnavailable when the result is unknown, PayRefused when refused."""

    @property
    def mchid(self) -> str:
        """Our merchant number."""

    @property
    def appid(self) -> str:
        """The mini-program's appid."""

    def prepay(self, order: PayOrder) -> str:
        """Place the JSAPI order, or place it again unchanged; answers the prepay_id (2 h).

        Raises OrderAlreadyPaid, OrderClosed, NumberUsed.
        """

    def h5_url(self, order: PayOrder) -> str:
        """Place the H5 order, or again unchanged: the cashier's address (5 min), to be opened from a page of ours."""

    def code_url(self, order: PayOrder) -> str:
        """Place the native order, or again unchanged: what the code on the screen says (2 h)."""

    def client_parameters(self, prepay_id: str, appid: str) -> dict[str, str]:
        """What wx.requestPayment or the JSAPI bridge takes: appId timeStamp nonceStr package signType paySign."""

    def query(self, out_trade_no: str) -> Transaction:
        """The order as it is. Raises OrderUnknown."""

    def close(self, out_trade_no: str) -> None:
        """Close an unpaid order; closing twice is the same as once. Raises OrderAlreadyPaid, OrderBeingPaid."""

    def refund(self, order: RefundOrder) -> Refund:
        """Ask for a refund; the answer means accepted, not done. Commit the refund's row before calling."""

    def query_refund(self, out_refund_no: str) -> Refund:
        """The refund as it is. Raises OrderUnknown."""

    def redirect_refund(self, *, refund_id: str, out_refund_no: str, card: Card | None) -> Refund:
        """Send an ABNORMAL refund to a card of the payer's, or without one to the merchant's own bank account.

        `refund_id` is WeChat Pay's number. Refused for a refund that is not, or no longer, abnormal.
        """

    def fetch_bill(self, kind: BillKind, day: date, into: BinaryIO) -> str:
        """Write a day's bill as it was before packing, proved by its hash, which is answered (hex SHA-1).

        Raises NoBill, BillNotReady, BillBroken. What was written before an error is worth nothing.
        """

    def read_notice(self, headers: Mapping[str, str], raw: bytes) -> Notice:
        """Verify the raw bytes of a notice and decrypt it. Raises NoticeRefused and nothing else."""
