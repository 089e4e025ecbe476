"""The time-stamp authority against two independent verifiers and every refusal of RFC 3161."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import rfc3161ng
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from flask import Flask
from flask.testing import FlaskClient
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from sandbox import tsa

DOCUMENT = "借款合同（测试）".encode()
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def issue(subject: str, key: PrivateKey, issuer: str, issuer_key: PrivateKey, *, is_authority: bool) -> str:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return pem(builder.sign(issuer_key, hashes.SHA256()))


def authority(make_key: Callable[[], PrivateKey]) -> dict[str, str]:
    root_key, key = make_key(), make_key()
    return {
        "ca_certificate_pem": issue("测试时间戳根", root_key, "测试时间戳根", root_key, is_authority=True),
        "certificate_pem": issue("测试时间戳", key, "测试时间戳根", root_key, is_authority=False),
        "private_key_pem": key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
    }


@pytest.fixture(params=["rsa", "ec"])
def client(request: pytest.FixtureRequest) -> FlaskClient:
    makers: dict[str, Callable[[], PrivateKey]] = {
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    }
    app = Flask(__name__)
    app.extensions["sandbox"] = SimpleNamespace(
        keys={"tsa": authority(makers[request.param])}, now=lambda: datetime.now(UTC)
    )
    app.register_blueprint(tsa.blueprint)
    return app.test_client()


def query(**changes: Any) -> tsp.TimeStampReq:
    content: dict[str, Any] = {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": {"algorithm": "sha256"},
            "hashed_message": hashlib.sha256(DOCUMENT).digest(),
        },
        "nonce": 2**63 + 7,
        "cert_req": True,
    }
    return tsp.TimeStampReq(content | changes)


def ask(client: FlaskClient, body: bytes) -> bytes:
    answer = client.post("/tsa", data=body, content_type="application/timestamp-query")
    assert (answer.status_code, answer.mimetype) == (200, "application/timestamp-reply")
    return answer.data


def token_of(reply: bytes) -> Any:
    response = tsp.TimeStampResp.load(reply, strict=True)
    assert response["status"]["status"].native == "granted"
    return response["time_stamp_token"]


def test_pyhanko_trusts_the_token(client: FlaskClient) -> None:
    token = token_of(ask(client, query().dump()))
    keys = client.application.extensions["sandbox"].keys["tsa"]
    roots = list(load_certs_from_pemder_data(keys["ca_certificate_pem"].encode()))
    verdict = asyncio.run(
        validate_tst_signed_data(
            token["content"], ValidationContext(trust_roots=roots), lambda name: hashlib.new(name, DOCUMENT).digest()
        )
    )
    assert verdict["valid"] and verdict["intact"] and verdict["trust_problem_indic"] is None
    assert abs(verdict["timestamp"] - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_token_says_what_was_asked(client: FlaskClient) -> None:
    first, second = (token_of(ask(client, query().dump()))["content"] for _ in range(2))
    told = first["encap_content_info"]["content"].parsed
    assert told["nonce"].native == 2**63 + 7
    assert told["policy"].native == tsa.POLICY_OID
    assert told["accuracy"]["seconds"].native == tsa.ACCURACY_SECONDS
    assert told["gen_time"].native.tzinfo is not None
    assert told["serial_number"].native != second["encap_content_info"]["content"].parsed["serial_number"].native
    assert len(first["certificates"]) == 2


def test_without_cert_req_and_nonce_neither_is_sent(client: FlaskClient) -> None:
    token = token_of(ask(client, query(cert_req=False, nonce=None).dump()))["content"]
    assert not token["certificates"]
    assert token["encap_content_info"]["content"].parsed["nonce"].native is None


@pytest.mark.parametrize("client", ["rsa"], indirect=True)
def test_rfc3161ng_accepts_the_token_and_notices_another_document(client: FlaskClient) -> None:
    certificate = client.application.extensions["sandbox"].keys["tsa"]["certificate_pem"].encode()
    token = token_of(ask(client, query().dump())).dump()
    assert rfc3161ng.check_timestamp(token, certificate=certificate, data=DOCUMENT, hashname="sha256", nonce=2**63 + 7)
    with pytest.raises(ValueError, match="imprint"):
        rfc3161ng.check_timestamp(token, certificate=certificate, data=b"another", hashname="sha256")


REFUSALS: list[tuple[bytes, str]] = [
    (b"not der", "bad_data_format"),
    (b"", "bad_data_format"),
    (query().dump() + b"\x00", "bad_data_format"),
    (query(version="v2").dump(), "bad_request"),
    (
        query(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"1" * 20}).dump(),
        "bad_alg",
    ),
    (
        query(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"1" * 20}).dump(),
        "bad_data_format",
    ),
    (query(req_policy="1.2.3.4").dump(), "unaccepted_policy"),
    (
        query(extensions=[{"extn_id": "1.2.3.4", "critical": False, "extn_value": b"x"}]).dump(),
        "unaccepted_extensions",
    ),
]


@pytest.mark.parametrize("client", ["ec"], indirect=True)
@pytest.mark.parametrize(("body", "failure"), REFUSALS)
def test_refusals_are_answers_without_a_token(client: FlaskClient, body: bytes, failure: str) -> None:
    reply = tsa.RefusedResponse.load(ask(client, body), strict=True)
    assert reply["status"]["status"].native == "rejection"
    assert reply["status"]["fail_info"].native == {failure}


@pytest.mark.parametrize("client", ["ec"], indirect=True)
def test_another_content_type_is_not_read(client: FlaskClient) -> None:
    assert client.post("/tsa", data=query().dump(), content_type="application/json").status_code == 415
