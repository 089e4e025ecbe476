"""Daily bills of WeChat Pay: address and hash by a signed call, the file by a download that the hash proves."""

from __future__ import annotations

import hashlib
import zlib
from datetime import date
from typing import BinaryIO
from urllib.parse import urlsplit

from app.adapters.answers import AnswerMalformed, Fields
from app.adapters.outbound import Limits, Outbound, OutboundFailed, Request
from app.adapters.wechat_pay import BillBroken, BillKind, BillNotReady, NoBill, PayRefused, PayUnavailable
from app.adapters.wechat_pay.signing import new_nonce
from app.adapters.wechat_pay.transport import PayTransport

ASKED = {
    "trade": "/v3/bill/tradebill?bill_date={day}&bill_type=ALL&tar_type=GZIP",
    "fund_flow": "/v3/bill/fundflowbill?bill_date={day}&account_type=BASIC&tar_type=GZIP",
}
LARGEST_BYTES = 4 << 30  # unpacked: some ten million rows
PIECE_BYTES = 1 << 20
LIMITS = Limits(connect_s=2.5, try_s=600, call_s=600, tries=1, answer_bytes=1 << 30)


class Bills:
    """The bills of one merchant."""

    def __init__(self, wire: PayTransport, base_url: str) -> None:
        self._wire = wire
        self._origin = _origin(base_url)
        self._outbound = Outbound("wechat_pay_bills", base_url, limits=LIMITS)

    def fetch(self, kind: BillKind, day: date, into: BinaryIO) -> str:
        """See the protocol. The address lives for seconds: it is used at once and never kept."""
        operation = f"{kind}_bill"
        try:
            answer = self._wire.call(operation, "GET", ASKED[kind].format(day=day.isoformat()))
        except PayRefused as refusal:
            raise _no_bill(refusal) from None
        target, expected = self._wire.read(operation, answer, self._place)
        unpacked = Unpacked(into)
        self._download(operation, target, unpacked)
        if unpacked.sha1() != expected:
            raise BillBroken("The bill is not the one that its hash was made of.", kind=kind)
        return expected

    def _place(self, fields: Fields) -> tuple[str, str]:
        """Path and hash; an address of another host than the one we asked is not believed."""
        address = urlsplit(fields.text("download_url"))
        if fields.text("hash_type") != "SHA1" or _origin(address.geturl()) != self._origin or not address.query:
            raise AnswerMalformed("download_url")
        return f"{address.path}?{address.query}", fields.text("hash_value").lower()

    def _download(self, operation: str, target: str, unpacked: Unpacked) -> None:
        merchant = self._wire.merchant
        authorization = merchant.authorization("GET", target, int(self._wire.wall()), new_nonce(), b"")
        request = Request("GET", target, {"Accept": "*/*", "Authorization": authorization})
        try:
            answer = self._outbound.download(f"{operation}_file", request, unpacked.take)
        except OutboundFailed as failure:
            raise PayUnavailable("The bill could not be downloaded.", reason=failure.reason) from None
        except zlib.error:
            raise BillBroken("The bill is not packed as was agreed.") from None
        if answer.status != 200:  # the address is over: the next try asks for another one
            raise PayUnavailable("The bill's address is over.", status=answer.status)


class Unpacked:
    """Writes the plain bytes of a gzip stream to a file as they come, a megabyte at a time, and hashes them."""

    def __init__(self, into: BinaryIO) -> None:
        self._into = into
        self._hash = hashlib.sha1()  # noqa: S324  the protocol's choice
        self._unzip = zlib.decompressobj(wbits=31)
        self._size = 0

    def take(self, packed: bytes) -> None:
        """Raises zlib.error for what is no gzip, BillBroken for more than a bill can hold."""
        while packed:
            plain = self._unzip.decompress(packed, PIECE_BYTES)
            packed = self._unzip.unconsumed_tail
            self._size += len(plain)
            if self._size > LARGEST_BYTES:
                raise BillBroken("The bill is larger than any bill.")
            self._hash.update(plain)
            self._into.write(plain)

    def sha1(self) -> str:
        """The hash of what came; an unfinished stream has none."""
        return self._hash.hexdigest() if self._unzip.eof else ""


def _no_bill(refusal: PayRefused) -> Exception:
    code = str(refusal.context.get("vendor_code", "")).replace("_", "")
    if code == "NOSTATEMENTEXIST":
        return NoBill("There is no bill of this day.")
    return BillNotReady("The bill is being made.") if code == "STATEMENTCREATING" else refusal


def _origin(url: str) -> tuple[str, str]:
    address = urlsplit(url)
    return address.scheme, address.netloc
