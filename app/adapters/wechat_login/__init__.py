"""WeChat sign-in: whose a one-time code is, the phone number somebody gives; and codes that open the mini-program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from app.kernel.errors import Forbidden, Unavailable, Unprocessable

App = Literal["mini", "h5"]
Scope = Literal["snsapi_base", "snsapi_userinfo"]


class CodeRefused(Unprocessable):
    """The one-time code is unknown, used, expired or another app's: the client must fetch a new one."""

    code = "wechat.code_refused"


class RiskyUser(Forbidden):
    """WeChat blocks this user as high-risk (40226)."""

    code = "wechat.risky_user"


class PhoneNotMainland(Unprocessable):
    """The number that the person gave is not a mainland mobile number."""

    code = "wechat.phone_not_mainland"


class WechatUnavailable(Unavailable):
    """WeChat cannot be asked now: it is down, its quota is used, or our set-up is refused (an alarm is in the log)."""

    code = "wechat.unavailable"


@dataclass(frozen=True)
class WechatIdentity:
    """One person as one app knows them. `snapshot`: a virtual user of a page preview, never to be bound or billed."""

    app: App
    appid: str
    openid: str = field(repr=False)
    unionid: str | None = field(repr=False)
    session_key: str | None = field(repr=False)
    snapshot: bool


class WechatLogin(Protocol):
    """What sign-in needs of WeChat. Every call raises WechatUnavailable when WeChat cannot answer."""

    def mini_identity(self, code: str) -> WechatIdentity:
        """The owner of a `wx.login` code. Raises CodeRefused, RiskyUser. Never repeated: the code works once."""

    def mini_phone(self, code: str) -> str:
        """The 11 digits behind a getPhoneNumber code. Raises CodeRefused, PhoneNotMainland. Never repeated."""

    def mini_program_code(self, *, scene: str, page: str) -> bytes:
        """A PNG or JPEG that WeChat's camera opens `page` with. It never expires: what `scene` names must."""

    def authorize_url(self, *, redirect_uri: str, state: str, scope: Scope) -> str:
        """Where the WeChat browser is sent for consent; `state` is 1–128 letters and digits."""

    def h5_identity(self, code: str) -> WechatIdentity:
        """The owner of a web authorization code. Raises CodeRefused, RiskyUser. Never repeated."""

    def page_signature(self, url: str) -> dict[str, str]:
        """`wx.config` parameters (appId, timestamp, nonceStr, signature) for one of our own pages, without `#…`."""
