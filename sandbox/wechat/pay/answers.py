"""How WeChat Pay v3 answers: JSON or nothing, errors as code, message and detail, everything signed."""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import Response, request

from sandbox.context import current
from sandbox.wechat.pay import settings
from sandbox.wechat.pay.keys import answering_key, signature_headers


class PayRefused(Exception):
    """WeChat Pay answers with this status and code."""

    def __init__(self, status: int, code: str, text: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text
        self.detail = detail


def parameter_error(field: str, value: Any, issue: str, *, location: str = "body") -> PayRefused:
    """400 PARAM_ERROR with the place of the wrong parameter."""
    detail = {"field": field, "value": value, "issue": issue, "location": location}
    return PayRefused(400, "PARAM_ERROR", f"参数错误：{field} {issue}", detail)


def invalid_request(text: str) -> PayRefused:
    """400 INVALID_REQUEST: well formed, but against a rule."""
    return PayRefused(400, "INVALID_REQUEST", text)


def refuse(refused: PayRefused) -> Response:
    """The answer of a refusal."""
    body: dict[str, Any] = {"code": refused.code, "message": refused.text}
    if refused.detail is not None:
        body["detail"] = refused.detail
    return answer(body, refused.status)


def answer(document: dict[str, Any], status: int = 200) -> Response:
    """A JSON answer, Chinese unescaped."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json; charset=utf-8")


def nothing() -> Response:
    """204 without a body."""
    return Response(status=204)


def sign_answer(response: Response) -> Response:
    """Sign the exact bytes of an answer with the key that the request's Wechatpay-Serial names.

    The file behind a bill's download_url is the one answer that is not signed.
    """
    world = current()
    response.headers["Request-ID"] = f"08{secrets.token_hex(16).upper()}-0"
    if (request.endpoint or "").endswith(".bill_file") and response.status_code == 200:
        return response
    key = answering_key(world, request.headers.get("Wechatpay-Serial", ""))
    probe = settings.take_one(world, "probe_answers")
    for name, value in signature_headers(world, key, response.get_data(), probe=probe).items():
        response.headers[name] = value
    return response
