"""Sign-in sessions: lifetimes by channel, OAuth states, second factors, and the facts that refuse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Unauthenticated, Unprocessable


class SessionInvalid(Unauthenticated):
    """No such session, or it is over; `why` in the context is one of ENDINGS, `expired` or `unknown`."""

    code = "auth.session_invalid"


class PhoneNeeded(Unauthenticated):
    """WeChat's account is known, the phone is not: finish signing in first."""

    code = "auth.phone_needed"


class CustomerClosed(Forbidden):
    code = "auth.customer_closed"


class SnapshotUser(Unprocessable):
    """WeChat answered with a virtual user of its snapshot page; nothing may be bound to it."""

    code = "wechat.snapshot_user"


class StateRefused(Unprocessable):
    """The OAuth state is unknown, used, too old, or belongs to another browser."""

    code = "oauth.state_refused"


class OneTimeCodeRefused(Unprocessable):
    """The one-time code is unknown, used, too old, or belongs to another browser."""

    code = "oauth.one_time_code_refused"


class ReturnPathRefused(Unprocessable):
    """The path to return to is not a plain path of ours."""

    code = "oauth.return_path_refused"


class SecondFactorNeeded(Conflict):
    """The phone belongs to a customer already: binding this WeChat account to it takes a code sent to that phone."""

    code = "sign_in.second_factor_needed"


class WechatBoundElsewhere(Conflict):
    """This WeChat account, or its sister in our other app, belongs to another customer."""

    code = "sign_in.wechat_bound_elsewhere"


class StepUpNeeded(Forbidden):
    """This step takes a second factor that was shown for it within the last five minutes."""

    code = "auth.step_up_needed"


# What ends a session before its time. After all but the first, WeChat's word alone opens no new one.
SIGNED_OUT, ELSEWHERE, PHONE_CHANGED = ENDINGS = ("signed_out", "elsewhere", "phone_changed")


@dataclass(frozen=True)
class Lifetime:
    """A session ends `idle` after its last use, and `absolute` after sign-in whatever happens."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True)
class Visit:
    """What a request tells of where it comes from."""

    address: str
    device_id: str | None
    device: str  # family of the browser or app, for the person's list of devices
    partner_id: UUID | None = None  # whose page asks, where that is proven


LIFETIMES = {
    "mini": Lifetime(timedelta(hours=2), timedelta(days=1)),  # renewed silently by wx.login
    "h5": Lifetime(timedelta(minutes=30), timedelta(hours=12)),
    "web": Lifetime(timedelta(minutes=30), timedelta(hours=12)),
}
WITHOUT_PHONE = Lifetime(timedelta(minutes=15), timedelta(minutes=15))
SLIDE_EVERY = timedelta(minutes=1)  # a session's end is moved at most this often: reading must not write each time

STATE_LIFETIME = timedelta(minutes=10)
ONE_TIME_CODE_LIFETIME = timedelta(seconds=60)
STEP_UP_LIFETIME = timedelta(minutes=5)
# What a second factor may be asked for, and the text message that says so.
STEP_UP_TEMPLATES = {
    "sign_contract": "step_up_sign_contract",
    "change_phone": "step_up_change_phone",
    "direct_debit": "step_up_direct_debit",
}
SIGN_IN_TEMPLATE = "sign_in_code"

_RETURN_PATH = re.compile(r"/(?:[A-Za-z0-9_-]+/)*(?:[A-Za-z0-9_-]+(?:\.html)?)?(?:\?[A-Za-z0-9_=&-]{0,200})?")


_APPS = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = ("iPhone", "iPad", "Android", "HarmonyOS", "Windows", "Macintosh", "Linux")


def device_family(user_agent: str) -> str:
    """`WeChat · Android`: what a person recognises their device by; nothing of the rest is kept."""
    app = next((name for mark, name in _APPS if mark in user_agent), "Browser")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    return f"{app} · {system}" if system else app


def coarse_address(address: str) -> str:
    """`203.0.113.*`, or the /48 of an IPv6 address: enough to tell one's own network, not one's own door."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(ip_network(f"{parsed}/48", strict=False))
    return f"{str(parsed).rpartition('.')[0]}.*"


def check_return_path(path: str) -> str:
    """A path on our own host: no scheme, host, dots, escapes or fragment. Raises ReturnPathRefused."""
    if len(path) > 300 or not _RETURN_PATH.fullmatch(path):
        raise ReturnPathRefused("Send a plain path of this site, such as /embed/apply.")
    return path
