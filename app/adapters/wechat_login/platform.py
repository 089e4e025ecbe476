"""The WeChat platform API: calls with or without the shared access token, failures handled by errcode."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import structlog

from app.adapters.answers import AnswerMalformed, Fields, read_object
from app.adapters.outbound import Answer, Outbound, OutboundFailed, Request
from app.adapters.wechat_login import CodeRefused, RiskyUser, WechatUnavailable
from app.adapters.wechat_login.errcodes import Action, action_of
from app.kernel.shared_tokens import Fresh, Shared

SETUP_REST_S = 300.0
DAY_S = 86_400
IMAGE = "image"
CHINA_OFFSET_S = 8 * 3600  # quotas are counted by China's day
log = structlog.get_logger(__name__)


class PlatformRefused(Exception):
    """A final errcode that the caller has to know, such as a used-up grant (43101)."""

    def __init__(self, errcode: int) -> None:
        super().__init__(str(errcode))
        self.errcode = errcode


class Platform:
    """One app's way to the platform API. Its stable token is shared by all processes."""

    def __init__(self, outbound: Outbound, *, appid: str, secret: str, wall: Callable[[], float] = time.time) -> None:
        self.appid = appid
        self.secret = secret
        self._outbound = outbound
        self._wall = wall
        self._rests: dict[str, float] = {}
        self.token = Shared(f"wechat_token:{appid}", self._fetch_token)

    def get(self, operation: str, path: str, query: Mapping[str, str], *, idempotent: bool) -> Fields:
        """A call with credentials of its own. Raises CodeRefused, RiskyUser, WechatUnavailable, PlatformRefused."""
        target = f"{path}?{urlencode(query)}"
        return self._call(operation, lambda: Request("GET", target), idempotent=idempotent)

    def with_token(
        self,
        operation: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        idempotent: bool,
    ) -> Fields:
        """A call under the access token; a refused token is replaced and the call made once more."""
        token = self.token.value()
        try:
            return self._token_call(operation, path, query, body, token, idempotent)
        except TokenRefused:
            fresh = self.token.value(refused=token)
        try:
            return self._token_call(operation, path, query, body, fresh, idempotent)
        except TokenRefused as refused:
            # a new token is refused as well: secret changed, other app's token, clock of the vendor
            raise self._unavailable(operation, refused.errcode, alarm=True) from None

    def _token_call(
        self,
        operation: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
        token: str,
        idempotent: bool,
    ) -> Fields:
        target = f"{path}?{urlencode({'access_token': token, **(query or {})})}"
        return self._call(operation, lambda: _request(target, body), idempotent=idempotent)

    def _call(
        self, operation: str, prepare: Callable[[], Request], *, idempotent: bool, fetching_token: bool = False
    ) -> Fields:
        self._refuse_while_resting(operation)
        try:
            answer = self._outbound.call(operation, prepare, idempotent=idempotent)
            fields = _read(answer)
        except OutboundFailed as failure:
            raise WechatUnavailable("WeChat does not answer.", reason=failure.reason) from None
        except AnswerMalformed:
            raise self._unavailable(operation, None, alarm=True) from None
        errcode = errcode_of(fields)
        if errcode:
            self._settle(operation, errcode, fetching_token)
        return fields

    def _settle(self, operation: str, errcode: int, fetching_token: bool) -> None:
        action = action_of(errcode, fetching_token=fetching_token)
        log.warning("wechat_errcode", operation=operation, errcode=errcode, action=action.value)
        if action is Action.TOKEN:
            raise TokenRefused(errcode)
        if action is Action.CODE:
            raise CodeRefused("WeChat does not accept this code. Ask for a new one.", errcode=errcode)
        if action is Action.RISKY:
            raise RiskyUser("WeChat does not allow this user to sign in.")
        if action is Action.FINAL:
            raise PlatformRefused(errcode)
        if action is Action.DAY:
            self._rest(operation, DAY_S - (self._wall() + CHINA_OFFSET_S) % DAY_S)
        if action is Action.MINUTE:
            self._rest(operation, 60 - self._wall() % 60 + random.uniform(0, 3))  # noqa: S311  jitter
        if action is Action.SETUP:
            self._rest("" if fetching_token else operation, SETUP_REST_S)
        raise self._unavailable(operation, errcode, alarm=action in (Action.SETUP, Action.FAULT, Action.DAY))

    def _unavailable(self, operation: str, errcode: int | None, *, alarm: bool) -> WechatUnavailable:
        if alarm:
            log.error("wechat_alarm", operation=operation, errcode=errcode, appid=self.appid)
        return WechatUnavailable("WeChat cannot be asked now.", errcode=errcode, **self._retry_after(operation))

    def _rest(self, operation: str, seconds: float) -> None:
        """Leave one call alone, or with no name all of them: the token cannot be had."""
        self._rests[operation] = self._wall() + seconds

    def _refuse_while_resting(self, operation: str) -> None:
        if max(self._rests.get(operation, 0.0), self._rests.get("", 0.0)) > self._wall():
            raise WechatUnavailable("WeChat cannot be asked now.", reason="resting", **self._retry_after(operation))

    def _retry_after(self, operation: str) -> dict[str, int]:
        left_s = max(self._rests.get(operation, 0.0), self._rests.get("", 0.0)) - self._wall()
        return {"retry_after_s": int(left_s) + 1} if left_s > 0 else {}

    def _fetch_token(self) -> Fresh:
        """POST /cgi-bin/stable_token without force: the same token while it is good, so every process may ask."""
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret, "force_refresh": False}
        fields = self._call(
            "stable_token", lambda: _request("/cgi-bin/stable_token", body), idempotent=True, fetching_token=True
        )
        try:
            return Fresh(fields.text("access_token"), usable_s(fields.whole("expires_in")))
        except AnswerMalformed:
            raise self._unavailable("stable_token", None, alarm=True) from None


class TokenRefused(Exception):
    """The access token of this call is not, or no longer, accepted."""

    def __init__(self, errcode: int) -> None:
        super().__init__(str(errcode))
        self.errcode = errcode


def usable_s(expires_in_s: int) -> float:
    """Hand a token out until 5–10 minutes before its end (jitter), never less than half a minute."""
    return max(30.0, expires_in_s - random.uniform(300, 600))  # noqa: S311  jitter


def busy(answer: Answer) -> bool:
    """Counts against the platform and is worth another try: a broken server, or errcode -1."""
    if answer.status >= 500:
        return True
    try:
        return errcode_of(read_object(answer.content)) == -1
    except AnswerMalformed:
        return False


def errcode_of(fields: Fields) -> int:
    """0 for success, which often comes without the key."""
    found = fields.values.get("errcode")
    return found if isinstance(found, int) else 0


def _read(answer: Answer) -> Fields:
    if answer.status != 200:
        raise AnswerMalformed("status")
    if answer.headers.get("Content-Type", "").startswith("image/"):  # a success of the few calls that answer a picture
        return Fields({IMAGE: answer.content})
    return read_object(answer.content)


def _request(target: str, body: Mapping[str, Any] | None) -> Request:
    if body is None:
        return Request("GET", target)
    content = json.dumps(body, ensure_ascii=False).encode()  # some calls refuse \u escapes (40033)
    return Request("POST", target, {"Content-Type": "application/json"}, content)
