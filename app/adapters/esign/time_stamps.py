"""Time stamps of an authority: RFC 3161 over HTTP."""

from __future__ import annotations

from urllib.parse import urlsplit

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper

from app.adapters.esign import SealUnavailable
from app.adapters.outbound import Outbound, OutboundFailed, Request

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class PortTimeStamper(TimeStamper):
    """pyHanko's time stamper over our own way to the outside, which has limits and a breaker.

    The seal as a whole is verified afterwards; here only what pyHanko would stumble over.
    """

    def __init__(self, url: str) -> None:
        super().__init__(include_nonce=True)  # type: ignore[no-untyped-call]
        address = urlsplit(url)
        self._target = address.path or "/"
        self._outbound = Outbound("tsa", f"{address.scheme}://{address.netloc}")

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """POST the query. It blocks: the loop that runs it serves this one signature only. Raises SealUnavailable."""
        headers = {"Content-Type": QUERY, "Accept": REPLY}
        request = Request("POST", self._target, headers, req.dump())
        try:
            answer = self._outbound.call("time_stamp", lambda: request, idempotent=True)
        except OutboundFailed as failure:
            raise SealUnavailable("The time-stamp authority does not answer.", reason=failure.reason) from None
        kind = answer.headers.get("Content-Type", "").partition(";")[0].strip()
        if answer.status != 200 or kind != REPLY:
            raise SealUnavailable("The time-stamp authority refused.", status=answer.status)
        return read_reply(answer.content, req)


def read_reply(content: bytes, asked: tsp.TimeStampReq) -> tsp.TimeStampResp:
    """A granted reply with a token for this nonce and digest (RFC 3161 §2.4.2). Raises SealUnavailable."""
    try:
        reply = tsp.TimeStampResp.load(content, strict=True)
        granted = reply["status"]["status"].native == "granted"
        told = reply["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed if granted else None
        fits = told is not None and all(
            told[name].dump() == asked[name].dump() for name in ("nonce", "message_imprint")
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise SealUnavailable("The time-stamp authority gave no stamp for this document.")
    return reply
