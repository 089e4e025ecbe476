"""WeChat Pay's bills, line by line: columns by their names, values after a backtick, totals at the end.

Source: the platform's description of the trade bill and of the fund-flow bill. A comma inside a value is not quoted, so
that values are parted by a comma with a backtick. Nothing is guessed: what is not as described refuses the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from app.reconciliation.domain.rows import LONGEST_NUMBER, BillUnreadable, Row

Read = Callable[[int, list[str]], Row]
STATES = {"SUCCESS": "payment", "REFUND": "refund", "REVOKED": "revoked"}
FLOWS = {"交易": "payment", "扣除交易手续费": "fee", "退款": "refund", "提现": "withdrawal"}
WAYS = {"收入": "in", "支出": "out"}
OLD_NAMES = {"订单金额": ("总金额",)}  # merchants of before 2019 still get these


class WechatBill:
    """Iterate once, then ask: `complete` (the totals are there), `totals_agree`, `row_count`. Never the whole file.

    Raises BillUnreadable.
    """

    def __init__(self, lines: Iterable[bytes], reader: Callable[[Mapping[str, int]], Read], totals: Totals) -> None:
        self._lines = enumerate(lines, 1)
        self._reader = reader
        self._totals = totals
        self.complete = False
        self.row_count = 0

    def __iter__(self) -> Iterator[Row]:
        header = self._header()
        if header is None:
            return
        read, width = self._reader({name: place for place, name in enumerate(header)}), len(header)
        for number, raw in self._lines:
            line = _text(raw, number)
            if not line.startswith("`"):
                self._finish(line, number)
                return
            values = line[1:].split(",`")
            if len(values) != width:
                if not raw.endswith(b"\n"):
                    return  # cut off in the middle of a line: not complete
                raise BillUnreadable(f"line {number} has {len(values)} values, not {width}")
            row = read(number, values)
            self._totals.add(row)
            self.row_count += 1
            yield row

    @property
    def totals_agree(self) -> bool:
        """Whether the file's own totals are the sums of its lines."""
        return self._totals.agree

    def _header(self) -> list[str] | None:
        first = next(self._lines, None)
        return _text(first[1], 1).removeprefix("\ufeff").split(",") if first else None

    def _finish(self, line: str, number: int) -> None:
        """The names of the totals, then the totals, then nothing more."""
        if not line:
            return
        names = line.split(",")
        last = next(self._lines, None)
        values = _text(last[1], last[0])[1:].split(",`") if last else []
        if len(values) != len(names):
            return
        self._totals.compare(dict(zip(names, values, strict=True)), number + 1)
        self.complete = True
        if any(raw.strip() for _, raw in self._lines):
            raise BillUnreadable(f"line {number + 2} comes after the totals")


class Totals:
    """Sums in passing; `named` says which total of the file is which sum. Fees are in thousandths of a fen."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self._named = named
        self._sums = dict.fromkeys(("count", "payment", "refund", "fee", "in", "out", "in_count", "out_count"), 0)
        self.agree = True

    def add(self, row: Row) -> None:
        sums = self._sums
        sums["count"] += 1
        sums["fee"] += row.fee_milli
        if row.state in ("in", "out"):
            sums[row.state] += row.amount_fen
            sums[f"{row.state}_count"] += 1
        else:
            sums["refund" if row.kind == "refund" else "payment"] += row.amount_fen

    def compare(self, told: Mapping[str, str], line_no: int) -> None:
        for name, key in self._named.items():
            if name not in told:
                raise BillUnreadable(f"line {line_no} lacks {name}")
            counted = key.endswith("count")
            said = whole(told[name], line_no) if counted else amount(told[name], line_no, name, fee=key == "fee")
            self.agree = self.agree and said == self._sums[key]


def trade_bill(lines: Iterable[bytes]) -> WechatBill:
    """The trade bill (bill_type ALL): a row a payment, and a row a refund on the day it was started."""
    totals = {"总交易单数": "count", "订单总金额": "payment", "申请退款总金额": "refund", "手续费总金额": "fee"}
    return WechatBill(lines, _trade_reader, Totals(totals))


def fund_flow_bill(lines: Iterable[bytes]) -> WechatBill:
    """The fund-flow bill of the basic account: what really moved, fees and refunds less their fees included."""
    incoming, outgoing = {"收入笔数": "in_count", "收入金额": "in"}, {"支出笔数": "out_count", "支出金额": "out"}
    return WechatBill(lines, _flow_reader, Totals({"资金流水总笔数": "count"} | incoming | outgoing))


def _trade_reader(columns: Mapping[str, int]) -> Read:
    def places(*names: str) -> list[int]:
        return [_place(columns, name) for name in names]

    when, merchant, state, refund_state = places("交易时间", "商户号", "交易状态", "退款状态")
    paid_no, order_no, refund_no, our_refund_no = places("微信订单号", "商户订单号", "微信退款单号", "商户退款单号")
    fee, paid, refunded = places("手续费", "订单金额", "申请退款金额")

    def read(line_no: int, values: list[str]) -> Row:
        kind = STATES.get(values[state], "other")
        refund = kind == "refund"
        return Row(
            line_no=line_no,
            kind=kind,
            their_no=_number(values[refund_no if refund else paid_no], line_no),
            our_no=_number(values[our_refund_no if refund else order_no], line_no),
            related_no=_number(values[paid_no], line_no),
            merchant=_number(values[merchant], line_no),
            amount_fen=amount(values[refunded if refund else paid], line_no, "金额"),
            fee_milli=amount(values[fee], line_no, "手续费", fee=True),
            state=_number(values[refund_state if refund else state], line_no),
            occurred_at=_instant(values[when], line_no),
        )

    return read


def _flow_reader(columns: Mapping[str, int]) -> Read:
    names = "记账时间", "微信支付业务单号", "资金流水单号", "业务类型", "收支类型", "收支金额(元)", "业务凭证号"
    when, number, flow_no, kind, way, moved, voucher = (_place(columns, name) for name in names)

    def read(line_no: int, values: list[str]) -> Row:
        if values[way] not in WAYS:
            raise BillUnreadable(f"line {line_no}: 收支类型")
        return Row(
            line_no=line_no,
            kind=FLOWS.get(values[kind], "other"),
            their_no=_number(values[number], line_no),
            our_no=_number(values[voucher], line_no),
            related_no=_number(values[flow_no], line_no),
            merchant="",
            amount_fen=amount(values[moved], line_no, "收支金额"),
            fee_milli=0,
            state=WAYS[values[way]],
            occurred_at=_instant(values[when], line_no),
        )

    return read


def _place(columns: Mapping[str, int], name: str) -> int:
    for known in (name, *OLD_NAMES.get(name, ())):
        if known in columns:
            return columns[known]
    raise BillUnreadable(f"there is no column {name}")


def amount(text: str, line_no: int, name: str, *, fee: bool = False) -> int:
    """`12.34` → 1234 fen; a fee of two to five decimals → thousandths of a fen. No sign but minus, no separators."""
    digits, point, decimals = text.removeprefix("-").partition(".")
    places = len(decimals)
    fine = point and digits.isascii() and digits.isdigit() and decimals.isascii() and decimals.isdigit()
    if not fine or len(digits) > 12 or not (2 <= places <= 5 if fee else places == 2):
        raise BillUnreadable(f"line {line_no}: {name}")
    found = int(digits + decimals) * 10 ** (5 - places) if fee else int(digits + decimals)
    return -found if text[0] == "-" else found


def whole(text: str, line_no: int) -> int:
    """A count."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BillUnreadable(f"line {line_no}: count")
    return int(text)


def _instant(text: str, line_no: int) -> str:
    """Bills write China time without saying so."""
    try:
        if len(text) != 19:
            raise ValueError
        datetime.fromisoformat(text)
    except ValueError:
        raise BillUnreadable(f"line {line_no}: time") from None
    return f"{text}+08:00"


def _number(text: str, line_no: int) -> str:
    if len(text) > LONGEST_NUMBER or "\x00" in text:
        raise BillUnreadable(f"line {line_no}: number")
    return text


def _text(raw: bytes, line_no: int) -> str:
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise BillUnreadable(f"line {line_no} is not UTF-8") from None
