"""The platform's keys: the public key by its id, the platform certificates by serial, both during a migration."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from app.adapters.wechat_pay import PayUnavailable
from app.adapters.wechat_pay.signing import public_key
from app.kernel.errors import Problem
from app.kernel.shared_tokens import Fresh, Shared

PUBLIC_KEY_ID = "PUB_KEY_ID_"
MODES = ("public_key", "certificate", "both")
REFRESH_GAP_S = 60.0
RENEW_S = 11 * 3600.0  # WeChat asks for less than 12 hours
_SERIAL = re.compile(r"[0-9A-Fa-f]{1,40}")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PlatformCertificate:
    """One platform certificate that can verify and be encrypted for."""

    serial: str
    key: rsa.RSAPublicKey
    not_before: datetime
    not_after: datetime


class PlatformKeys:
    """Finds the key that a Wechatpay-Serial names; never guesses another one.

    `fetch` gets all certificates as {serial: PEM}. It is called at most once a minute, whoever asks and for whatever
    serial: callers of our notice address choose that header freely.
    """

    def __init__(
        self,
        *,
        mode: str,
        name: str,
        public_key_id: str = "",
        public_key_pem: str = "",
        fetch: Callable[[], Mapping[str, str]],
        wall: Callable[[], float] = time.time,
    ) -> None:
        if mode not in MODES:
            raise ValueError(f"wechat_pay.mode must be one of {', '.join(MODES)}")
        self._public_key_id = public_key_id if mode != "certificate" else ""
        self._public = public_key(public_key_pem) if self._public_key_id else None
        self._by_certificate = mode != "public_key"
        self._wall = wall
        self._fetch = fetch
        self._shared = Shared(f"wechat_pay_certificates:{name}", self._fetch_at_most_once_a_minute)
        self._text = ""
        self._certificates: dict[str, PlatformCertificate] = {}
        self._fetched_at = self._asked_at = self._read_at = float("-inf")
        self._lock = threading.Lock()

    def find(self, serial: str) -> rsa.RSAPublicKey | None:
        """The key of this serial, or None: the message is then not from WeChat Pay as far as we can know."""
        if serial.startswith(PUBLIC_KEY_ID):
            return self.public_key_of(serial)
        if not self._by_certificate or not _SERIAL.fullmatch(serial):
            return None
        wanted = normal_serial(serial)
        found = self._valid(wanted)
        if found is None:
            self._refresh(wanted)
            found = self._valid(wanted)
        return found

    def public_key_of(self, serial: str) -> rsa.RSAPublicKey | None:
        """The public key if this is its very id."""
        return self._public if serial == self._public_key_id else None

    def serial_to_send(self) -> str:
        """Which key answers shall be signed with: the public key if there is one, else the newest certificate.

        Raises PayUnavailable when no certificate can be had.
        """
        if self._public_key_id:
            return self._public_key_id
        if self._by_certificate and self._wall() - self._read_at > RENEW_S:
            self._refresh(None)
        newest = max(self._certificates.values(), key=lambda one: one.not_after, default=None)
        if newest is None:
            raise PayUnavailable("No platform certificate of WeChat Pay is known.")
        return newest.serial

    def _valid(self, serial: str) -> rsa.RSAPublicKey | None:
        found = self._certificates.get(serial)
        if found is None or not found.not_before.timestamp() <= self._wall() <= found.not_after.timestamp():
            return None
        return found.key

    def _refresh(self, wanted: str | None) -> None:
        """Read the shared certificates, and have them fetched if the wanted one is not among them.

        Does nothing if this process did so within the last minute. Those at hand stay in use meanwhile, and stay when
        it fails; only who has none at all waits for another thread's refresh.
        """
        if not self._lock.acquire(blocking=not self._certificates):
            return
        try:
            if self._wall() - self._asked_at < REFRESH_GAP_S:
                return
            self._asked_at = self._wall()
            self._take(self._shared.value())
            if wanted not in self._certificates:
                self._take(self._shared.value(refused=self._text, youngest_s=REFRESH_GAP_S))
        except (Problem, ValueError) as error:
            log.error("wechat_pay_certificates", error=type(error).__name__)
        finally:
            self._lock.release()

    def _take(self, text: str) -> None:
        self._certificates = read_certificates(json.loads(text))
        self._text, self._read_at = text, self._wall()

    def _fetch_at_most_once_a_minute(self) -> Fresh:
        if self._wall() - self._fetched_at < REFRESH_GAP_S:
            raise PayUnavailable("The platform certificates were asked for a moment ago.")
        self._fetched_at = self._wall()
        return Fresh(json.dumps(dict(self._fetch())), RENEW_S)


def read_certificates(pems: Mapping[str, str]) -> dict[str, PlatformCertificate]:
    """Parse certificates, each under the serial that it was announced with. Raises ValueError on a mismatch."""
    found = {}
    for announced, pem in pems.items():
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key, serial = certificate.public_key(), f"{certificate.serial_number:040X}"
        if serial != normal_serial(announced) or not isinstance(key, rsa.RSAPublicKey):
            raise ValueError("a platform certificate is not the announced one")
        found[serial] = PlatformCertificate(
            serial, key, certificate.not_valid_before_utc, certificate.not_valid_after_utc
        )
    return found


def normal_serial(serial: str) -> str:
    """40 upper-case hexadecimal digits."""
    return serial.upper().zfill(40)
