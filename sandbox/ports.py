"""What the four Dukou ports share: signatures on requests and answers, strict JSON, refusals with a stable code."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from sandbox.context import current
from sandbox.port_signature import PortSignatureRefused, answer_headers, check_request

NONCE = "port_nonce"


class PortRefusal(Exception):
    """A port says no: HTTP status, stable code, and one sentence for people."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail


def port_blueprint(port: str, prefix: str) -> Blueprint:
    """A blueprint whose requests must carry the signature of the port's client and whose answers are signed."""
    blueprint = Blueprint(port, __name__, url_prefix=prefix)
    blueprint.before_request(lambda: _check(port))
    blueprint.after_request(lambda response: _sign(port, response))
    blueprint.register_error_handler(PortRefusal, _answer_refusal)
    return blueprint


def read_body(**kinds: type) -> dict[str, Any]:
    """The JSON object of the request with exactly these fields, each of its type; strings are never empty.

    Raises PortRefusal 400 request.invalid.
    """
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise PortRefusal(400, "request.invalid", "the body must be a JSON object")
    return checked(body, **kinds)


def checked(body: dict[str, Any], **kinds: type) -> dict[str, Any]:
    """`body`, if it has exactly these fields, each of its type. Raises PortRefusal 400 request.invalid."""
    if wrong := sorted(set(body) ^ set(kinds)):
        raise PortRefusal(400, "request.invalid", f"missing or unknown: {', '.join(wrong)}")
    for name, kind in kinds.items():
        # bool is an int to Python but not to JSON.
        if type(body[name]) is not kind or (kind is str and not body[name]):
            raise PortRefusal(400, "request.invalid", f"{name} must be a non-empty {kind.__name__}")
    return body


def asked_once(kind: str, number: str, question: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Keep the answer to a numbered question; asking again gives the first answer.

    Raises PortRefusal 409 query.conflict when the number was used for another question.
    """
    store = current().store
    store.add(kind, number, {"number": number, "question": question, "answer": answer, "asked_at": now_text()})
    kept = store.get(kind, number) or {"question": question, "answer": answer}
    if kept["question"] != question:
        raise PortRefusal(409, "query.conflict", "this number was used for another question")
    told: dict[str, Any] = kept["answer"]
    return told


def now_text() -> str:
    """The present instant as ISO 8601 in UTC."""
    return current().now().isoformat(timespec="seconds")


def _check(port: str) -> ResponseReturnValue | None:
    world = current()
    client = world.keys["ports"][port]
    try:
        check_request(
            dict(request.headers),
            request.method,
            _target(),
            request.get_data(),
            client_id=client["client_id"],
            secret=client["secret"],
            claim_nonce=lambda nonce: world.store.unique(NONCE, nonce),
            now=world.wire_seconds(),
        )
    except PortSignatureRefused as refused:
        return {"code": "port.signature", "detail": str(refused)}, 401
    return None


def _target() -> str:
    """Path and query as they were sent: the signature covers the bytes on the wire, not a decoded form."""
    sent = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    return str(sent) if sent else request.full_path.removesuffix("?")


def _sign(port: str, response: Response) -> Response:
    world = current()
    secret = world.keys["ports"][port]["secret"]
    response.headers.update(answer_headers(secret, response.status_code, response.get_data(), now=world.wire_seconds()))
    return response


def _answer_refusal(refusal: PortRefusal) -> ResponseReturnValue:
    return {"code": refusal.code, "detail": refusal.detail}, refusal.status
