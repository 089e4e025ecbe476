"""RFC 9421 as this bank accepts it: what a partner signs of a request, and how it becomes one text.

The structured fields are parsed by http-sf. The steps after it are ours and not http-message-signatures', because that
library reads the system's clock, picks the algorithm before the key is known, rebuilds an absolute URL (and so repairs
paths) and has one error for every cause, while a partner's developer must be told which. It is the other side in tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import http_sf

from app.kernel.errors import Unauthenticated

WINDOW = timedelta(seconds=300)  # either way: partners' clocks differ, too
ALWAYS = ("@method", "@authority", "@path", "@query")
WHEN_PRESENT = ("content-digest", "idempotency-key", "dukou-version")
PARAMETERS = {"created", "keyid", "nonce", "alg"}
LONGEST_KEY_ID = 64
NONCE_LENGTHS = range(16, 129)
DEFAULT_PORTS = {"http": "80", "https": "443"}


class SignatureMissing(Unauthenticated):
    code = "partner.signature_missing"


class SignatureMalformed(Unauthenticated):
    """Not the one form that this interface takes; the detail says what to change."""

    code = "partner.signature_malformed"


class SignatureStale(Unauthenticated):
    """`created` is more than 300 s away from our clock."""

    code = "partner.signature_stale"


class SignatureInvalid(Unauthenticated):
    """What was signed is not what arrived, or another key signed it."""

    code = "partner.signature_invalid"


@dataclass(frozen=True)
class SignedRequest:
    """A request as it came over the wire. `path` and `query` are raw; names of `headers` are lower case."""

    method: str
    authority: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class StatedSignature:
    """What the two headers state, before anything of it is believed."""

    components: tuple[str, ...]
    created: int
    key_id: str
    nonce: str
    algorithm: str | None
    parameters: str  # the strict serialisation: the value of @signature-params
    signature: bytes


def combine(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Field lines as one value a name (RFC 9421 §2.1): trimmed, joined with a comma and a space in their order."""
    combined: dict[str, str] = {}
    for name, value in fields:
        known = combined.get(name.lower())
        combined[name.lower()] = value.strip() if known is None else f"{known}, {value.strip()}"
    return combined


def canonical_authority(authority: str, scheme: str) -> str:
    """RFC 9421 §2.2.3: lower case, without the scheme's default port."""
    return authority.lower().removesuffix(f":{DEFAULT_PORTS.get(scheme, '')}")


def read_signature(headers: Mapping[str, str]) -> StatedSignature:
    """Parse Signature-Input and Signature. Raises SignatureMissing, SignatureMalformed."""
    if "signature-input" not in headers or "signature" not in headers:
        raise SignatureMissing("Send the headers Signature-Input and Signature (RFC 9421).")
    inputs = read_dictionary(headers["signature-input"], "Signature-Input")
    signatures = read_dictionary(headers["signature"], "Signature")
    if len(inputs) != 1 or inputs.keys() != signatures.keys():
        raise SignatureMalformed("Send exactly one signature, under the same label in both headers.")
    (member,), ((signature, _),) = inputs.values(), signatures.values()
    if not isinstance(signature, bytes) or not isinstance(member[0], list):
        raise SignatureMalformed("Signature-Input holds a list of components, Signature a byte sequence.")
    created, key_id, nonce, algorithm = _parameters(member[1])
    serialised = http_sf.ser([member])
    return StatedSignature(_components(member[0]), created, key_id, nonce, algorithm, serialised, signature)


def read_dictionary(value: str, name: str) -> dict[str, Any]:
    """A dictionary of RFC 9651 as {key: (value, parameters)}. Raises SignatureMalformed, also for a key given twice."""

    def refuse(key: str, _: str) -> None:
        raise SignatureMalformed(f"{name} holds a key twice.")

    try:
        parsed = http_sf.parse(value.encode("latin-1"), tltype="dictionary", on_duplicate_key=refuse)
    except ValueError as error:  # also UnicodeEncodeError
        raise SignatureMalformed(f"{name} is not a dictionary of RFC 9651.") from error
    assert isinstance(parsed, dict)
    return parsed


def _components(items: list[tuple[Any, dict[str, Any]]]) -> tuple[str, ...]:
    names = tuple(name for name, _ in items if isinstance(name, str))
    if len(names) != len(items) or any(parameters for _, parameters in items):
        raise SignatureMalformed("Components are plain names without parameters.")
    if len(set(names)) != len(names) or not set(names) <= {*ALWAYS, *WHEN_PRESENT}:
        raise SignatureMalformed("A component is unknown here or named twice.", known=[*ALWAYS, *WHEN_PRESENT])
    return names


def _parameters(given: dict[str, Any]) -> tuple[int, str, str, str | None]:
    created, key_id, nonce, algorithm = (given.get(name) for name in ("created", "keyid", "nonce", "alg"))
    if set(given) - PARAMETERS or {"created", "keyid", "nonce"} - set(given):
        raise SignatureMalformed("The parameters are created, keyid, nonce and, if you like, alg; no others.")
    if type(created) is not int or type(key_id) is not str or type(nonce) is not str:
        raise SignatureMalformed("created is an integer; keyid and nonce are strings.")
    if len(key_id) > LONGEST_KEY_ID or len(nonce) not in NONCE_LENGTHS:
        raise SignatureMalformed("keyid has at most 64 characters, nonce 16 to 128.")
    if algorithm is not None and type(algorithm) is not str:
        raise SignatureMalformed("alg is a string.")
    return created, key_id, nonce, algorithm


def check_coverage(stated: StatedSignature, request: SignedRequest) -> None:
    """Everything that has an effect is signed, and nothing that is absent. Raises SignatureMalformed."""
    present = {name for name in WHEN_PRESENT if name in request.headers}
    needed = {*ALWAYS, *present} | ({"content-digest"} if request.body else set())
    if missing := sorted(needed - set(stated.components)):
        raise SignatureMalformed("The signature does not cover everything it must.", missing=missing)
    if absent := sorted(set(stated.components) - needed):
        raise SignatureMalformed("The signature covers a header that the request does not have.", absent=absent)


def check_fresh(created: int, now: datetime) -> None:
    """Raises SignatureStale outside 300 s either way."""
    if abs(created - now.timestamp()) > WINDOW.total_seconds():
        raise SignatureStale("created is more than 300 s away from our clock.", server_time=int(now.timestamp()))


def signature_base(stated: StatedSignature, request: SignedRequest) -> bytes:
    """The text that was signed (RFC 9421 §2.5). Raises SignatureMalformed for what cannot be in one line of ASCII."""
    derived = {
        "@method": request.method,
        "@authority": request.authority,
        "@path": request.path or "/",
        "@query": f"?{request.query}",
    }
    lines = [f'"{name}": {derived.get(name) or request.headers.get(name, "")}' for name in stated.components]
    if not all(line.isascii() and line.isprintable() for line in lines):
        raise SignatureMalformed("A covered component holds something else than printable ASCII.")
    return "\n".join([*lines, f'"@signature-params": {stated.parameters}']).encode()
