"""How the WeChat platform API answers: HTTP 200 always, failure as errcode and errmsg with a request id."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Response, request

_TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40037: "invalid template_id",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40165: "invalid weapp pagepath",
    40212: "invalid query",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    42002: "refresh_token expired",
    43002: "require POST method",
    43101: "user refuse to accept the msg",
    43104: "appid not match the openid",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    47001: "data format error",
    48001: "api unauthorized",
    61010: "code is expired or user has not visited",
    87009: "invalid signature",
}


class Refused(Exception):
    """The platform answers with this errcode."""

    def __init__(self, errcode: int, text: str = "") -> None:
        super().__init__(str(errcode))
        self.errcode = errcode
        self.text = text or _TEXTS[errcode]


def refuse(refused: Refused) -> Response:
    """The answer of a refusal, with the request id that the real platform puts into errmsg."""
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    return answer({"errcode": refused.errcode, "errmsg": f"{refused.text} rid: {rid}"})


def answer(document: dict[str, Any]) -> Response:
    """A JSON answer, Chinese unescaped as WeChat sends it."""
    return Response(json.dumps(document, ensure_ascii=False), content_type="application/json; charset=utf-8")


def done(**more: Any) -> Response:
    """errcode 0 with whatever else the call answers."""
    return answer({"errcode": 0, "errmsg": "ok"} | more)


def json_body() -> dict[str, Any]:
    """The JSON object that was posted; 47001 otherwise, also with an access_token in it, which belongs in the query."""
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise Refused(47001) from None
    if not isinstance(body, dict) or "access_token" in body:
        raise Refused(47001)
    return body
