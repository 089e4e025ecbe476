"""Reading the fields of a request body, refusing each wrong one with PARAM_ERROR and its place."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any
from urllib.parse import urlsplit

from flask import request

from sandbox.hosts import is_loopback
from sandbox.wechat.pay.answers import PayRefused, parameter_error

LONGEST_NOTIFY_URL = 255


class Fields:
    """A JSON object of the body, or one inside it; `at` is its JSON pointer."""

    def __init__(self, values: dict[str, Any], at: str = "") -> None:
        self.values = values
        self.at = at

    def text(
        self, name: str, *, required: bool = True, longest: int = 0, shortest: int = 1, pattern: str = ""
    ) -> str | None:
        """A string within its lengths (in characters) and its alphabet; None if it is optional and absent."""
        value = self._value(name, required)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self._wrong(name, value, "必须是字符串")
        if any(ord(character) > 0xFFFF for character in value):
            raise self._wrong(name, value, "含有4字节的UTF-8字符")
        if len(value) < shortest or (longest and len(value) > longest):
            raise self._wrong(name, value, f"字符串长度应在{shortest}到{longest}之间")
        if pattern and not re.fullmatch(pattern, value):
            raise self._wrong(name, value, "含有不允许的字符")
        return value

    def must_text(self, name: str, *, longest: int = 0, shortest: int = 1, pattern: str = "") -> str:
        """A required string."""
        value = self.text(name, longest=longest, shortest=shortest, pattern=pattern)
        assert value is not None
        return value

    def integer(self, name: str, *, least: int) -> int:
        """A required JSON integer; neither a string nor a number with a fraction."""
        value = self._value(name, True)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, value, "必须是整数")
        if value < least:
            raise self._wrong(name, value, f"不能小于{least}")
        return value

    def inner(self, name: str, *, required: bool = True) -> Fields | None:
        """An object inside; None if it is optional and absent."""
        value = self._value(name, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(name, value, "必须是对象")
        return Fields(value, f"{self.at}/{name}")

    def must_inner(self, name: str) -> Fields:
        """A required object inside."""
        inner = self.inner(name)
        assert inner is not None
        return inner

    def flag(self, name: str) -> bool | None:
        """An optional boolean."""
        value = self._value(name, False)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, value, "必须是布尔值")
        return value

    def currency(self) -> str:
        """CNY, also when it is left out."""
        if self.values.get("currency", "CNY") != "CNY":
            raise self._wrong("currency", self.values["currency"], "只支持CNY")
        return "CNY"

    def notify_url(self, *, required: bool) -> str | None:
        """An absolute https address without query; plain http only to this machine, for the sandbox."""
        value = self.text("notify_url", required=required, longest=LONGEST_NOTIFY_URL)
        if value is not None and not _notifiable(value):
            raise self._wrong("notify_url", value, "必须是不带参数的https地址")
        return value

    def address(self, name: str) -> str:
        """A required IPv4 or IPv6 address."""
        value = self.must_text(name, longest=45)
        try:
            ipaddress.ip_address(value)
        except ValueError:
            raise self._wrong(name, value, "不是IP地址") from None
        return value

    def _value(self, name: str, required: bool) -> Any:
        value = self.values.get(name)
        if value is None and required:
            raise self._wrong(name, None, "缺少必填参数")
        return value

    def _wrong(self, name: str, value: Any, issue: str) -> PayRefused:
        return parameter_error(f"{self.at}/{name}", value, issue)


def body_fields() -> Fields:
    """The JSON object of the request; PARAM_ERROR if there is none."""
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise parameter_error("/", None, "请求体不是JSON") from None
    if not isinstance(body, dict):
        raise parameter_error("/", None, "请求体不是JSON对象")
    return Fields(body)


def _notifiable(url: str) -> bool:
    parts = urlsplit(url)
    if not parts.hostname or parts.query or parts.fragment or "?" in url or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
