"""The lines of WeChat Pay's daily bills, made from the orders and refunds that the sandbox holds."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.context import World
from sandbox.wechat.pay import withdrawals
from sandbox.wechat.pay.prepay import ORDERS
from sandbox.wechat.pay.refunds import REFUNDS

TRADE_COLUMNS = (
    "交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号",
    "用户标识", "交易类型", "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额",
    "微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态", "商品名称",
    "商户数据包", "手续费", "费率", "订单金额", "申请退款金额", "费率备注",
)  # fmt: skip
FLOW_COLUMNS = (
    "记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)",
    "资金变更提交申请人", "备注", "业务凭证号",
)  # fmt: skip
RATE = Decimal("0.0060")
RATE_TEXT = "0.60%"
NAMES = {"JSAPI": "公众号支付", "MWEB": "H5支付", "NATIVE": "扫码支付"}
_REFUND_STATES = {"SUCCESS": "SUCCESS", "PROCESSING": "PROCESSING", "ABNORMAL": "CHANGE", "CLOSED": "FAILED"}

Row = dict[str, str]


def trade_rows(world: World, day: date) -> list[Row]:
    """Payments of the day and refunds that were started on it, by time."""
    orders = {order["out_trade_no"]: order for order in world.store.all(ORDERS)}
    paid = [order for order in orders.values() if order.get("success_time", "")[:10] == day.isoformat()]
    rows = [_payment(order) for order in paid]
    for refund in world.store.all(REFUNDS):
        if refund["create_time"][:10] == day.isoformat():
            rows.append(_refund(orders[refund["out_trade_no"]], refund))
    return sorted(rows, key=lambda row: row["交易时间"])


def flow_rows(world: World, day: date) -> list[Row]:
    """What moved on the basic account: each payment, its fee, refunds less the fee that comes back, and withdrawals."""
    rows: list[Row] = []
    for number, row in enumerate(trade_rows(world, day)):
        fee = Decimal(row["手续费"])
        if row["交易状态"] == "SUCCESS":
            name = NAMES.get(row["交易类型"], row["交易类型"])
            rows.append(_flow(row, number, row["微信订单号"], name, "交易", "收入", Decimal(row["订单金额"]), ""))
            if fee:
                rows.append(_flow(row, number, row["微信订单号"], name, "扣除交易手续费", "支出", fee, ""))
        elif row["退款状态"] != "FAILED":
            refund = Decimal(row["申请退款金额"])
            note = f"退款总金额{refund}元;含手续费{-fee:.2f}元"
            rows.append(_flow(row, number, row["微信退款单号"], "退款", "退款", "支出", refund + fee, note))
    rows += [_withdrawal(one) for one in withdrawals.of_day(world, day)]
    return _with_balance(sorted(rows, key=lambda row: row["记账时间"]))


def trade_summary(rows: list[Row]) -> Row:
    """The totals that stand at the end of a trade bill."""
    return {
        "总交易单数": str(len(rows)),
        "应结订单总金额": _sum(rows, "应结订单金额"),
        "退款总金额": _sum(rows, "退款金额"),
        "充值券退款总金额": _sum(rows, "充值券退款金额"),
        "手续费总金额": _sum(rows, "手续费", "0.00001"),
        "订单总金额": _sum(rows, "订单金额"),
        "申请退款总金额": _sum(rows, "申请退款金额"),
    }


def flow_summary(rows: list[Row]) -> Row:
    """The totals that stand at the end of a fund-flow bill."""
    incoming = [row for row in rows if row["收支类型"] == "收入"]
    outgoing = [row for row in rows if row["收支类型"] == "支出"]
    return {
        "资金流水总笔数": str(len(rows)),
        "收入笔数": str(len(incoming)),
        "收入金额": _sum(incoming, "收支金额(元)"),
        "支出笔数": str(len(outgoing)),
        "支出金额": _sum(outgoing, "收支金额(元)"),
    }


def _payment(order: dict[str, Any]) -> Row:
    asked = order["asked"]
    return _row(
        {
            "交易时间": _clock(order["success_time"]),
            "公众账号ID": asked["appid"],
            "商户号": asked["mchid"],
            "微信订单号": order["transaction_id"],
            "商户订单号": order["out_trade_no"],
            "用户标识": order["payer_openid"],
            "交易类型": order["trade_type"],
            "交易状态": "SUCCESS",
            "付款银行": order["bank_type"],
            "应结订单金额": _yuan(asked["total_fen"]),
            "订单金额": _yuan(asked["total_fen"]),
            "商品名称": asked["description"],
            "商户数据包": asked["attach"] or "",
            "手续费": fee(asked["total_fen"]),
        }
    )


def _refund(order: dict[str, Any], refund: dict[str, Any]) -> Row:
    given_back = fee(refund["refund_fen"])
    return _payment(order) | {
        "交易时间": _clock(refund["create_time"]),
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "订单金额": "0.00",
        "微信退款单号": refund["refund_id"],
        "商户退款单号": refund["out_refund_no"],
        "退款金额": _yuan(refund["refund_fen"]),
        "申请退款金额": _yuan(refund["refund_fen"]),
        "退款类型": "ORIGINAL",
        "退款状态": _REFUND_STATES[refund["status"]],
        "手续费": given_back if given_back == "0.00000" else f"-{given_back}",
    }


def _row(values: Row) -> Row:
    usual = dict.fromkeys(TRADE_COLUMNS, "") | {"特约商户号": "0", "货币种类": "CNY", "费率": RATE_TEXT}
    zero = ("代金券金额", "退款金额", "充值券退款金额", "申请退款金额")
    return usual | dict.fromkeys(zero, "0.00") | {"微信退款单号": "0", "商户退款单号": "0"} | values


def fee(amount_fen: int) -> str:
    """0.60 %, rounded half up to the fen, written with five decimals."""
    charged = (Decimal(amount_fen) / 100 * RATE).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{charged:.5f}"


def _flow(trade: Row, number: int, business_no: str, name: str, kind: str, way: str, amount: Decimal, note: str) -> Row:
    return {
        "记账时间": trade["交易时间"],
        "微信支付业务单号": business_no,
        "资金流水单号": f"100000{trade['交易时间'][:10].replace('-', '')}{number:06d}{'1' if kind == '交易' else '2'}",
        "业务名称": name,
        "业务类型": kind,
        "收支类型": way,
        "收支金额(元)": f"{amount:.2f}",
        "账户结余(元)": "0.00",
        "资金变更提交申请人": "system",
        "备注": note,
        "业务凭证号": trade["商户退款单号"] if kind == "退款" else trade["商户订单号"],
    }


def _withdrawal(made: dict[str, Any]) -> Row:
    return {
        "记账时间": _clock(made["at"]),
        "微信支付业务单号": made["number"],
        "资金流水单号": made["number"],
        "业务名称": "提现",
        "业务类型": "提现",
        "收支类型": "支出",
        "收支金额(元)": _yuan(made["amount_fen"]),
        "账户结余(元)": "0.00",
        "资金变更提交申请人": "system",
        "备注": "自动提现",
        "业务凭证号": made["number"],
    }


def _with_balance(rows: list[Row]) -> list[Row]:
    balance = Decimal(0)
    for row in rows:
        amount = Decimal(row["收支金额(元)"])
        balance += amount if row["收支类型"] == "收入" else -amount
        row["账户结余(元)"] = f"{balance:.2f}"
    return rows


def _sum(rows: list[Row], column: str, places: str = "0.01") -> str:
    return str(sum((Decimal(row[column]) for row in rows), Decimal(0)).quantize(Decimal(places)))


def _clock(instant: str) -> str:
    return f"{datetime.fromisoformat(instant):%Y-%m-%d %H:%M:%S}"


def _yuan(amount_fen: int) -> str:
    return f"{Decimal(amount_fen) / 100:.2f}"
