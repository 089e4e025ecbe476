"""Doors to the outside world: one folder a channel; this process's channels are installed once and fetched here."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.adapters.bureau import Bureau
from app.adapters.core_bank import CoreBank
from app.adapters.esign import Esign
from app.adapters.sms import Sms
from app.adapters.tax import Tax
from app.adapters.test_world import NoTestWorld, TestWorld
from app.adapters.wechat_login import WechatLogin
from app.adapters.wechat_messages import WechatMessages
from app.adapters.wechat_pay import WechatPay


@dataclass(frozen=True)
class Channels:
    """Every door, behind its protocol; `adapters.build.build` makes the real ones."""

    wechat_login: WechatLogin
    wechat_messages: WechatMessages
    wechat_pay: WechatPay
    sms: Sms
    core_bank: CoreBank
    bureau: Bureau
    tax: Tax
    esign: Esign
    test_world: TestWorld = field(default_factory=NoTestWorld)


_channels: Channels | None = None


def use(channels: Channels | None) -> None:
    """Install the channels of this process."""
    global _channels  # noqa: PLW0603  one set of doors a process
    _channels = channels


def channels() -> Channels:
    """The installed channels. Never call one of them inside an open transaction."""
    if _channels is None:
        raise RuntimeError("adapters have no channels yet")
    return _channels
