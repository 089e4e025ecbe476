"""WeChat subscribe messages going out, and what WeChat pushes to us about them and about users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from app.kernel.errors import Malformed, Unauthenticated

Outcome = Literal["sent", "refused", "unreachable", "doubt"]
PushFault = Literal["query", "timestamp", "signature", "decrypt", "receiver"]


class PushRefused(Unauthenticated):
    """A push that did not prove to come from WeChat, unread; `code` is `wechat_push.<reason>`."""

    reason: PushFault

    def __init__(self, reason: PushFault) -> None:
        super().__init__("This is not a push of WeChat.")
        self.reason = reason
        self.code = f"wechat_push.{reason}"  # type: ignore[misc]  # one code a reason


class PushMalformed(Malformed):
    """Signed, but neither the JSON nor the XML that was agreed."""

    code = "wechat_push.malformed"


@dataclass(frozen=True)
class Template:
    """One of our templates as the mini-program's console knows it: {our name of a value: its keyword, as `amount1`}."""

    template_id: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """How a sending ended. `doubt`: it may or may not have arrived, and WeChat has no number to ask by.

    `unreachable`: certainly not sent, for a reason that is not this message's. `refused`: certainly not sent, `errcode`
    says why (43101: no grant left).
    """

    outcome: Outcome
    errcode: int | None = None
    vendor_ref: str | None = None


@dataclass(frozen=True)
class Push:
    """One message or event that WeChat pushed, proved and decrypted. `same_as` is equal for every copy of one push."""

    kind: str  # the event's name in lower case; of a message its type
    openid: str = field(repr=False)
    created_at: datetime
    same_as: str = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class TextVerdict:
    """What WeChat thinks of a text: `pass`, or `review` and `risky`, which a person decides about; `label` says why."""

    suggest: str
    label: int

    @property
    def clean(self) -> bool:
        """Anything but a plain `pass` is looked at by a person."""
        return self.suggest == "pass"


class WechatMessages(Protocol):
    """One mini-program's messages."""

    @property
    def appid(self) -> str:
        """The mini-program's."""

    @property
    def templates(self) -> Mapping[str, Template]:
        """{kind of our messages: its template}; kinds without one are not sent through WeChat."""

    def send(self, *, openid: str, kind: str, page: str, values: Mapping[str, str]) -> Sent:
        """Send one message, once: WeChat does not recognise a repeat. `values` by our names, fit for the keywords."""

    def check_text(self, *, openid: str, text: str) -> TextVerdict | None:
        """What WeChat thinks of a text of this mini-program user (≤ 2,500 characters); None when it will not judge it,
        as of somebody who was not in the mini-program within two hours. Raises WechatUnavailable.
        """

    def check_address(self, query: Sequence[tuple[str, str]]) -> str:
        """What to answer to the GET by which WeChat checks our address. Raises PushRefused."""

    def read_push(self, query: Sequence[tuple[str, str]], raw: bytes) -> Push:
        """Verify a push within 300 s of its time, decrypt and parse it. Raises PushRefused, PushMalformed."""
