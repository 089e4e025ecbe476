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

    pyHanko checks that the token answers the digest and the nonce that were asked.
    """

    def __init__(self, url: str) -> None:
        super().__init__(include_nonce=True)
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
        return tsp.TimeStampResp.load(answer.content)
