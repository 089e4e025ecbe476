"""What the desk shows: the store's documents, newest first, with words and tones for their states."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox import core_bank, personas, sms
from sandbox.context import SHANGHAI, World
from sandbox.shop import orders as shop_orders
from sandbox.shop import webhooks
from sandbox.store import Document
from sandbox.wechat import messages, pushes
from sandbox.wechat.pay import notices, refunds, settings
from sandbox.wechat.pay.prepay import ORDERS

# (section, 中文, English), in the order of the menu
SECTIONS = (
    ("sms", "短信", "SMS"),
    ("messages", "微信消息", "WeChat messages"),
    ("people", "人物", "People"),
    ("pay", "微信支付", "WeChat Pay"),
    ("notices", "支付通知", "Pay notices"),
    ("transfers", "核心转账", "Transfers"),
    ("shop", "商城", "Demo shop"),
    ("webhooks", "回调", "Webhooks"),
    ("settings", "开关", "Switches"),
)

# state: (tone, 中文, English)
STATES = {
    "NOTPAY": ("go", "待支付", "unpaid"),
    "SUCCESS": ("ok", "成功", "done"),
    "REFUND": ("warn", "有退款", "refunded"),
    "CLOSED": ("", "已关闭", "closed"),
    "PROCESSING": ("go", "处理中", "processing"),
    "ABNORMAL": ("bad", "异常", "abnormal"),
    "pending": ("go", "待发送", "waiting"),
    "held": ("warn", "已扣住", "held"),
    "lost": ("", "已丢失", "lost"),
    "delivered": ("ok", "已送达", "delivered"),
    "gave_up": ("bad", "不再重试", "gave up"),
    "accepted": ("go", "已受理", "accepted"),
    "processing": ("go", "处理中", "processing"),
    "succeeded": ("ok", "成功", "succeeded"),
    "failed": ("bad", "失败", "failed"),
    "active": ("ok", "存续", "active"),
    "revoked": ("bad", "吊销", "revoked"),
    "deregistered": ("bad", "注销", "deregistered"),
    "awaiting_payment": ("go", "待付款", "awaiting payment"),
    "loan_in_progress": ("go", "贷款处理中", "loan in progress"),
    "paid": ("ok", "已付款", "paid"),
    "cancelled": ("", "已取消", "cancelled"),
}


def holdings(world: World) -> dict[str, list[Document]]:
    """Everything the desk lists, by section."""
    store = world.store
    return {
        "sms": store.all(sms.KIND)[::-1],
        "people": personas.everybody(store),
        "pay": store.all(ORDERS)[::-1],
        "refunds": store.all(refunds.REFUNDS)[::-1],
        "notices": store.all(notices.KIND)[::-1],
        "transfers": store.all(core_bank.TRANSFER)[::-1],
        "shop": store.all(shop_orders.KIND)[::-1],
        "webhooks": store.all(webhooks.DELIVERY)[::-1],
        "messages": store.all(messages.MESSAGES)[::-1],
        "pushes": store.all(pushes.KIND)[::-1],
    }


def templates(world: World) -> list[Document]:
    """The message templates of the mini-program, as its console lists them."""
    return [{"kind": kind, **one} for kind, one in world.keys["wechat"]["mini"]["templates"].items()]


def switches(world: World) -> dict[str, Any]:
    """The settings of every vendor."""
    failing = world.store.get(*webhooks.SETTINGS) or {"fail_next": 0}
    return {"pay": settings.read(world), "bank": core_bank.settings(world), "fail_next": failing["fail_next"]}


def attention(held: dict[str, list[Document]]) -> tuple[str, str, str]:
    """The one thing a person may want to act on now: (section, 中文, English)."""
    waiting = sum(notice["state"] in ("held", "gave_up") for notice in held["notices"])
    stuck = sum(
        transfer["amount_fen"] % 100 == core_bank.NEVER_ENDS and not _final(transfer) for transfer in held["transfers"]
    )
    unpaid = sum(order["trade_state"] == "NOTPAY" for order in held["pay"])
    if waiting:
        return "notices", f"{waiting} 条支付通知在等你放行或重发", f"{waiting} pay notices wait for you to release them"
    if stuck:
        return "transfers", f"{stuck} 笔转账在等你给结果", f"{stuck} transfers wait for a result from you"
    if held["sms"]:
        return "sms", f"最新短信发给 {held['sms'][0]['phone']}", f"The latest SMS went to {held['sms'][0]['phone']}"
    if unpaid:
        return "pay", f"{unpaid} 笔微信支付订单还没付", f"{unpaid} WeChat Pay orders are unpaid"
    return "people", "选一个人物，从商城下单开始", "Pick a person and start with an order in the shop"


def phone_names(people: list[Document]) -> dict[str, str]:
    """phone → persona title, so that a message says whom it is for."""
    return {person["person"]["phone"]: person["title"] for person in people}


def payers(people: list[Document]) -> dict[str, Document]:
    """openid → persona, over both apps."""
    return {person["wechat"][f"{app}_openid"]: person for person in people for app in ("mini", "h5")}


def yuan(amount_fen: int) -> str:
    """123456 fen as 1,234.56."""
    sign = "−" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"


def clock_time(instant: str | float | None) -> str:
    """An ISO text or Unix seconds as MM-DD HH:MM:SS in Shanghai; a dash for nothing."""
    if instant is None or instant == "":
        return "—"
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else datetime.fromtimestamp(instant, UTC)
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")


def _final(transfer: Document) -> bool:
    return transfer["state"] in core_bank.FINAL
