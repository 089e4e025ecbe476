"""After each request of a partner's server: a line for its developers in the log of calls."""

from __future__ import annotations

import re
import time

from flask import Response, g, request

from app.kernel import call_log, clock
from app.kernel.audience import PartnerPrincipal

# The key is known, but this request did not prove to come from who has it.
NOT_PROVEN = frozenset(
    f"partner.signature_{why}" for why in ("stale", "invalid", "digest_mismatch", "nonce_reused", "key_expired")
) | {"partner.address_not_allowed", "partner.key_other_mode"}
READING = "partners.list_calls"  # who follows the log does not fill it
_KEY_ID = re.compile(r';keyid="([\x21\x23-\x5b\x5d-\x7e]{1,64})"')
_VARIABLE = re.compile(r"<(?:.*?:)?(\w+)>")  # of a rule, to be written as in the API's document


def note(response: Response) -> Response:
    """Remember the request under its partner, or, if a known key is only claimed, under the key."""
    if request.endpoint == READING:
        return response
    asking = g.get("principal")
    code = _code(response)
    if isinstance(asking, PartnerPrincipal):
        call_log.write(str(asking.partner_id), _call(response, code, asking.key_id), counted=True)
    elif code in NOT_PROVEN and (claimed := _KEY_ID.search(request.headers.get("Signature-Input", ""))):
        call_log.write(f"key:{claimed[1]}", _call(response, code, claimed[1]), counted=False)
    return response


def _call(response: Response, code: str, key_id: str) -> call_log.Call:
    began = g.get("began", time.perf_counter())
    return call_log.Call(
        at=clock.now().isoformat(timespec="milliseconds"),
        method=request.method,
        route=_VARIABLE.sub(r"{\1}", request.url_rule.rule) if request.url_rule else "unknown",  # never the path
        status=response.status_code,
        code=code,
        request_id=g.get("request_id", ""),
        key_id=key_id,
        duration_ms=round((time.perf_counter() - began) * 1000),
    )


def _code(response: Response) -> str:
    if response.status_code < 400 or not response.is_json:
        return ""
    return str((response.get_json(silent=True) or {}).get("code", ""))
