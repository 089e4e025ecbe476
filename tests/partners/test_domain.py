"""The rules of request signatures as tables: forms that are refused, origins, keys, digests."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from app.partners.domain import agreements, algorithms, digests, origins, signatures
from tests.factories.partners import public_pem

PARAMETERS = ';created=1;keyid="k";nonce="0123456789abcdef"'
COVERED = '("@method" "@authority" "@path" "@query")'
GOOD = f"a={COVERED}{PARAMETERS}"
SIGNATURE = "a=:AAAA:"


def read(signature_input: str, signature: str = SIGNATURE) -> signatures.StatedSignature:
    return signatures.read_signature({"signature-input": signature_input, "signature": signature})


def test_a_stated_signature_is_read() -> None:
    stated = read(GOOD)
    assert stated.components == ("@method", "@authority", "@path", "@query")
    assert (stated.created, stated.key_id, stated.nonce, stated.algorithm) == (1, "k", "0123456789abcdef", None)
    assert stated.parameters == COVERED + PARAMETERS


@pytest.mark.parametrize(
    "signature_input",
    [
        "",
        "a",
        "a=1",
        "a=(",
        f"{GOOD}, b={COVERED}{PARAMETERS}",  # two labels
        f"{GOOD}, {GOOD}",  # one label twice
        f'a=("@method" "@method" "@authority" "@path" "@query"){PARAMETERS}',
        f'a=("@method" "@authority" "@path" "@query" "@status"){PARAMETERS}',
        f'a=("@method" "@authority" "@target-uri"){PARAMETERS}',
        f'a=("@method" "@authority" "@path" "@query" "x-other"){PARAMETERS}',
        f'a=("@method" "@authority" "@path";req "@query"){PARAMETERS}',
        f'a=("@method" "@authority" "@path" "@query" "content-digest";key="sha-256"){PARAMETERS}',
        f"a=(@method){PARAMETERS}",
        f'a=("@Method" "@authority" "@path" "@query"){PARAMETERS}',
        f'a={COVERED};keyid="k";nonce="0123456789abcdef"',
        f'a={COVERED};created=1;nonce="0123456789abcdef"',
        f'a={COVERED};created=1;keyid="k"',
        f'a={COVERED};created="1";keyid="k";nonce="0123456789abcdef"',
        f'a={COVERED};created=1.0;keyid="k";nonce="0123456789abcdef"',
        f'a={COVERED};created=?1;keyid="k";nonce="0123456789abcdef"',
        f'a={COVERED};created=1;created=2;keyid="k";nonce="0123456789abcdef"',
        f'a={COVERED};created=1;keyid=k;nonce="0123456789abcdef"',
        f'a={COVERED};created=1;keyid="k";nonce="short"',
        f'a={COVERED};created=1;keyid="k";nonce="{"x" * 129}"',
        f'a={COVERED};created=1;keyid="{"x" * 65}";nonce="0123456789abcdef"',
        f"a={COVERED}{PARAMETERS};expires=9",
        f'a={COVERED}{PARAMETERS};tag="x"',
        f"a={COVERED}{PARAMETERS};alg=ed25519",
        "é",
        "密",
    ],
)
def test_other_forms_are_refused(signature_input: str) -> None:
    with pytest.raises(signatures.SignatureMalformed):
        read(signature_input)


@pytest.mark.parametrize("signature", ["", "b=:AAAA:", "a=:AAAA:, b=:AAAA:", 'a="AAAA"', "a=:A:", "a=AAAA", "a=()"])
def test_the_signature_is_one_byte_sequence_under_the_same_label(signature: str) -> None:
    with pytest.raises(signatures.SignatureMalformed):
        read(GOOD, signature)


@pytest.mark.parametrize("headers", [{}, {"signature": SIGNATURE}, {"signature-input": GOOD}])
def test_a_missing_header_is_named(headers: dict[str, str]) -> None:
    with pytest.raises(signatures.SignatureMissing):
        signatures.read_signature(headers)


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_text_breaks_the_reader(signature_input: str, signature: str) -> None:
    with contextlib.suppress(signatures.SignatureMalformed):
        read(signature_input, signature)


@pytest.mark.parametrize(
    ("authority", "scheme", "expected"),
    [
        ("Bank.Example", "https", "bank.example"),
        ("bank.example:443", "https", "bank.example"),
        ("bank.example:80", "http", "bank.example"),
        ("bank.example:443", "http", "bank.example:443"),
        ("bank.example:8443", "https", "bank.example:8443"),
        ("127.0.0.1:8000", "http", "127.0.0.1:8000"),
    ],
)
def test_authorities_have_one_spelling(authority: str, scheme: str, expected: str) -> None:
    assert signatures.canonical_authority(authority, scheme) == expected


def test_field_lines_are_combined_as_the_rfc_says() -> None:
    assert signatures.combine([("A", " 1 "), ("b", "x"), ("a", "2")]) == {"a": "1, 2", "b": "x"}


@pytest.mark.parametrize(("seconds", "fresh"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_the_window_is_300_seconds_either_way(seconds: int, fresh: bool) -> None:
    now = datetime(2026, 11, 2, 8, tzinfo=UTC)
    created = int((now + timedelta(seconds=seconds)).timestamp())
    if fresh:
        signatures.check_fresh(created, now)
    else:
        with pytest.raises(signatures.SignatureStale):
            signatures.check_fresh(created, now)


@pytest.mark.parametrize(
    "digest",
    ["", "sha-256", "sha-256=1", "md5=:AAAA:", 'sha-256="AAAA"', "sha-256=:A", "sha-256=(:AAAA:)", "密"],
)
def test_digests_of_other_forms_are_refused(digest: str) -> None:
    with pytest.raises(signatures.SignatureMalformed):
        digests.check_digest(digest, b"")


def test_every_known_digest_must_fit() -> None:
    def stated(name: str, body: bytes) -> str:
        return f"{name}=:{base64.b64encode(hashlib.new(name.replace('-', ''), body).digest()).decode()}:"

    digests.check_digest(stated("sha-256", b"x"), b"x")
    digests.check_digest(f"{stated('sha-512', b'x')}, crc32c=:AAAA:", b"x")
    for wrong in (stated("sha-256", b"y"), f"{stated('sha-256', b'x')}, {stated('sha-512', b'y')}"):
        with pytest.raises(digests.DigestMismatch):
            digests.check_digest(wrong, b"x")


@pytest.mark.parametrize(
    "origin",
    ["https://shop.example", "https://a.shop.example:8443", "http://127.0.0.1:8001", "http://localhost"],
)
def test_origins_that_are_accepted(origin: str) -> None:
    assert origins.check_origin(origin, loopback_too=True) == origin


@pytest.mark.parametrize(
    "origin",
    [
        "null", "*", "", "shop.example", "https://*.shop.example", "https://shop.example/", "https://Shop.example",
        "https://shop.example:443", "https://shop.example:0", "https://shop.example:65536", "https://u@shop.example",
        "http://shop.example", "https://127.0.0.1", "https://shop", "https://shop.example\n", "javascript:alert(1)",
        "data:text/html,x", "https://shop.example?x", "https://shop.example#x", "http://127.0.0.1:80",
        "https://-a.example", "https://" + "a." * 130 + "example", "https://shop.example 'unsafe-inline'",
    ],
)  # fmt: skip
def test_origins_that_are_refused(origin: str) -> None:
    with pytest.raises(origins.OriginMalformed):
        origins.check_origin(origin, loopback_too=True)


def test_loopback_is_for_demo_and_test_only() -> None:
    with pytest.raises(origins.OriginMalformed):
        origins.check_origin("http://127.0.0.1:8001", loopback_too=False)


def test_keys_that_are_refused() -> None:
    strong = ed25519.Ed25519PrivateKey.generate()
    weak = public_pem(rsa.generate_private_key(65537, 1024))
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    other = curve.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    private = strong.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    for algorithm, pem in [
        ("rsa-pss-sha512", weak), ("ed25519", other), ("rsa-pss-sha512", public_pem(strong)), ("ed25519", private),
        ("hmac-sha256", public_pem(strong)), ("ed25519", "not a key"),
    ]:  # fmt: skip
        with pytest.raises(algorithms.KeyUnusable):
            algorithms.load_public_key(algorithm, pem)


def test_unknown_scopes_are_refused() -> None:
    with pytest.raises(agreements.ScopeUnknown):
        agreements.check_scopes(frozenset({"orders:read", "ledger:write"}))
