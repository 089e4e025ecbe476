"""The wire of WeChat Pay v3: requests signed anew for each try, answers believed only when their signature holds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import structlog

from app.adapters.answers import AnswerMalformed, Fields, read_object
from app.adapters.outbound import Answer, Limits, Outbound, OutboundFailed, Request
from app.adapters.wechat_pay import MerchantNotReady, PayUnavailable
from app.adapters.wechat_pay.encryption import NotDecrypted, decrypt_resource, encrypt_field
from app.adapters.wechat_pay.platform_keys import PlatformKeys, normal_serial, read_certificates
from app.adapters.wechat_pay.refusals import refusal
from app.adapters.wechat_pay.signing import Merchant, new_nonce
from app.adapters.wechat_pay.verification import NotGenuine, verify

# A notice may have to wait for this, and WeChat Pay waits 5 s for our answer to it.
CERTIFICATE_LIMITS = Limits(connect_s=2.0, try_s=3.5, call_s=3.5, tries=1)
T = TypeVar("T")
log = structlog.get_logger(__name__)


class PayTransport:
    """Calls of one merchant. Every call here may be repeated: orders and refunds carry numbers of ours."""

    def __init__(self, section: Mapping[str, Any], *, wall: Callable[[], float] = time.time) -> None:
        self.merchant = Merchant(section["mchid"], section["merchant_serial"], section["merchant_private_key_pem"])
        self.api_v3_key: bytes = section["api_v3_key"].encode()
        if len(self.api_v3_key) != 32:
            raise ValueError("wechat_pay.api_v3_key must have 32 bytes")
        self.wall = wall
        self._outbound = Outbound("wechat_pay", section["base_url"], unwell=_unwell)
        self._certificates = Outbound("wechat_pay_certificates", section["base_url"], limits=CERTIFICATE_LIMITS)
        self.keys = PlatformKeys(
            mode=section["mode"],
            name=section["mchid"],
            public_key_id=section.get("platform_public_key_id", ""),
            public_key_pem=section.get("platform_public_key_pem", ""),
            fetch=self._fetch_certificates,
            wall=wall,
        )

    def call(
        self,
        operation: str,
        method: str,
        target: str,
        body: Mapping[str, Any] | None = None,
        *,
        private: Mapping[str, str] | None = None,
    ) -> Answer:
        """A verified answer of status 200 or 204. Raises the error of the code, PayUnavailable, MerchantNotReady.

        `private` are more fields of the body, each encrypted for WeChat Pay.
        """
        serial = self.keys.serial_to_send()
        if private:
            body = {**(body or {}), **self._sealed(serial, private)}
        answer = self._send(operation, method, target, body, serial)
        try:
            verify(self.keys.find, answer.headers, answer.content, self.wall())
        except NotGenuine as fault:
            self._alarm(operation, answer, fault.reason)
            if answer.status == 401:  # what WeChat Pay could not attribute to us it does not sign
                raise MerchantNotReady("WeChat Pay does not accept our signature.") from None
            raise PayUnavailable("An answer of WeChat Pay could not be verified.", reason=fault.reason) from None
        if answer.status not in (200, 204):
            raise self._refusal(operation, answer)
        return answer

    def read(self, operation: str, answer: Answer, read: Callable[[Fields], T]) -> T:
        """What `read` makes of the answer. Raises PayUnavailable when something agreed is missing."""
        try:
            return read(read_object(answer.content))
        except AnswerMalformed as fault:
            self._alarm(operation, answer, str(fault))
            raise PayUnavailable("An answer of WeChat Pay lacks what was agreed.") from None

    def _send(self, operation: str, method: str, target: str, body: Mapping[str, Any] | None, serial: str) -> Answer:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        headers |= {"Wechatpay-Serial": serial} if serial else {}

        def prepare() -> Request:
            authorization = self.merchant.authorization(method, target, int(self.wall()), new_nonce(), content)
            return Request(method, target, {**headers, "Authorization": authorization}, content)

        try:
            way = self._certificates if operation == "certificates" else self._outbound
            return way.call(operation, prepare, idempotent=True)
        except OutboundFailed as failure:
            raise PayUnavailable("WeChat Pay does not answer; the result is unknown.", reason=failure.reason) from None

    def _sealed(self, serial: str, private: Mapping[str, str]) -> dict[str, str]:
        """For the key that the request names: another one could not be opened there."""
        key = self.keys.find(serial)
        if key is None:
            raise PayUnavailable("The key of WeChat Pay that this is encrypted for is not valid.")
        return {name: encrypt_field(key, value) for name, value in private.items()}

    def _refusal(self, operation: str, answer: Answer) -> Exception:
        code, field = _code(answer)
        problem = refusal(answer.status, code, field)
        if isinstance(problem, MerchantNotReady):
            self._alarm(operation, answer, code)
        return problem

    def _alarm(self, operation: str, answer: Answer, fault: str) -> None:
        request_id = answer.headers.get("Request-ID", "")
        log.error("wechat_pay_alarm", operation=operation, status=answer.status, fault=fault, vendor_request=request_id)

    def _fetch_certificates(self) -> dict[str, str]:
        """GET /v3/certificates: decrypted first, since only what is inside can verify the answer around it."""
        answer = self._send("certificates", "GET", "/v3/certificates", None, "")
        if answer.status != 200:
            raise self._refusal("certificates", answer)
        try:
            pems = {
                entry.text("serial_no"): decrypt_resource(self.api_v3_key, entry.inner("encrypt_certificate")).decode()
                for entry in read_object(answer.content).many("data")
            }
            inside = {serial: one.key for serial, one in read_certificates(pems).items()}
            known = self.keys.public_key_of
            verify(
                lambda serial: known(serial) or inside.get(normal_serial(serial)),
                answer.headers,
                answer.content,
                self.wall(),
            )
        except (AnswerMalformed, NotDecrypted, NotGenuine, ValueError) as fault:
            self._alarm("certificates", answer, type(fault).__name__)
            raise PayUnavailable("The platform certificates could not be verified.") from None
        return pems


def _code(answer: Answer) -> tuple[str, str | None]:
    try:
        fields = read_object(answer.content)
        detail = fields.inner("detail") if isinstance(fields.values.get("detail"), dict) else Fields({})
        return fields.text("code"), detail.maybe_text("field")
    except AnswerMalformed:
        return "UNREADABLE", None


def _unwell(answer: Answer) -> bool:
    """Worth the same request again after a pause: a broken platform, or more calls than it takes."""
    return answer.status >= 500 or answer.status == 429
