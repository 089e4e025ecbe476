"""Subscribe messages over the platform API, under the mini-program's shared access token."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.adapters.answers import AnswerMalformed
from app.adapters.wechat_login import CodeRefused, RiskyUser, WechatUnavailable
from app.adapters.wechat_login.platform import Platform, PlatformRefused
from app.adapters.wechat_messages import Push, Sent, Template, TextVerdict, pushes

CERTAINLY_NOT_SENT = frozenset({"connect", "breaker_open", "resting"})  # reasons without an exchange
COMMENT = 2  # the scene: 1 profile, 2 comment, 3 forum, 4 social log
LONGEST_TEXT = 2_500
THIS_MESSAGE = frozenset({40037, 41030, 47003})  # template, page, a value: ours to mend, an alarm is in the log


class PlatformMessages:
    """The `WechatMessages` protocol."""

    def __init__(
        self, platform: Platform, section: Mapping[str, Any], *, wall: Callable[[], float] = time.time
    ) -> None:
        self._platform = platform
        self._receiver = pushes.Receiver.of(platform.appid, section["push"])
        self._state: str = section.get("program_state", "formal")
        self._templates = {
            kind: Template(one["id"], dict(one["fields"])) for kind, one in section.get("templates", {}).items()
        }
        self._wall = wall

    @property
    def appid(self) -> str:
        """The mini-program's."""
        return self._platform.appid

    @property
    def templates(self) -> Mapping[str, Template]:
        """{kind of our messages: its template}."""
        return self._templates

    def send(self, *, openid: str, kind: str, page: str, values: Mapping[str, str]) -> Sent:
        """POST /cgi-bin/message/subscribe/send; see the protocol. Tried once, and once more when the token was bad."""
        template = self._templates[kind]
        body = {
            "touser": openid,
            "template_id": template.template_id,
            "page": page,
            "miniprogram_state": self._state,
            "lang": "zh_CN",
            "data": {keyword: {"value": values[name]} for name, keyword in template.fields.items()},
        }
        try:
            self._platform.token.value()  # apart, so that its failure is no doubt about the message
        except WechatUnavailable:
            return Sent("unreachable")
        return self._sent(body)

    def _sent(self, body: dict[str, Any]) -> Sent:
        try:
            fields = self._platform.with_token(
                "subscribe_send", "/cgi-bin/message/subscribe/send", body=body, idempotent=False
            )
        except PlatformRefused as refusal:
            return Sent("refused", refusal.errcode)
        except (CodeRefused, RiskyUser) as refusal:
            return Sent("refused", refusal.context.get("errcode"))
        except WechatUnavailable as failure:
            errcode = failure.context.get("errcode")
            if errcode in THIS_MESSAGE:
                return Sent("refused", errcode)
            certain = errcode is not None or failure.context.get("reason") in CERTAINLY_NOT_SENT
            return Sent("unreachable" if certain else "doubt", errcode)
        number = fields.values.get("msgid")
        return Sent("sent", vendor_ref=str(number) if isinstance(number, int) else None)

    def check_text(self, *, openid: str, text: str) -> TextVerdict | None:
        """POST /wxa/msg_sec_check, version 2: not errcode 0 but `result.suggest` decides; see the protocol."""
        body = {"version": 2, "openid": openid, "scene": COMMENT, "content": text[:LONGEST_TEXT]}
        try:
            fields = self._platform.with_token("msg_sec_check", "/wxa/msg_sec_check", body=body, idempotent=True)
            result = fields.inner("result")
            return TextVerdict(result.text("suggest"), result.whole("label"))
        except PlatformRefused:
            return None
        except AnswerMalformed:
            raise WechatUnavailable("WeChat's verdict on a text lacks what was agreed.") from None

    def check_address(self, query: Sequence[tuple[str, str]]) -> str:
        """See the protocol."""
        return pushes.check_address(self._receiver, query, self._wall())

    def read_push(self, query: Sequence[tuple[str, str]], raw: bytes) -> Push:
        """See the protocol."""
        return pushes.read_push(self._receiver, query, raw, self._wall())
