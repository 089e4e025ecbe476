"""The time-stamp authority: RFC 3161 over HTTP, real signed tokens made with the key of world.json."""

import secrets
from datetime import UTC, datetime

from asn1crypto import cms, core, tsp, x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import Hash
from flask import Blueprint, Response, request
from pyhanko.sign.general import as_signing_certificate_v2

from sandbox.context import current

blueprint = Blueprint("tsa", __name__)

# IANA keeps arc 32473 for examples (RFC 5612): this policy promises nothing outside the sandbox.
POLICY_OID = "1.3.6.1.4.1.32473.3161.1"
DIGEST_BYTES = {"sha256": 32, "sha384": 48, "sha512": 64}
ACCURACY_SECONDS = 1


class Refused(Exception):
    """The request cannot be stamped; `failure` is a PKIFailureInfo name of RFC 3161 §2.4.2."""

    def __init__(self, failure: str, text: str) -> None:
        super().__init__(text)
        self.failure = failure
        self.text = text


class RefusedResponse(core.Sequence):
    """TimeStampResp without a token: asn1crypto's own class does not know that the token is optional."""

    _fields = [("status", tsp.PKIStatusInfo)]  # noqa: RUF012  (asn1crypto reads a plain list)


def read_query(body: bytes) -> tsp.TimeStampReq:
    """Parse a TimeStampReq and refuse what RFC 3161 §2.4.1 tells an authority to refuse. Raises Refused."""
    try:
        query = tsp.TimeStampReq.load(body, strict=True)
        version = query["version"].native
        algorithm = query["message_imprint"]["hash_algorithm"]["algorithm"].native
        imprint = query["message_imprint"]["hashed_message"].native
        policy = query["req_policy"].native
        extensions = query["extensions"].native
    except (ValueError, TypeError, KeyError) as error:
        raise Refused("bad_data_format", "the request is not a DER TimeStampReq") from error
    if version != "v1":
        raise Refused("bad_request", "only version 1 is spoken here")
    if algorithm not in DIGEST_BYTES:
        raise Refused("bad_alg", "the digest must be SHA-256, SHA-384 or SHA-512")
    if len(imprint) != DIGEST_BYTES[algorithm]:
        raise Refused("bad_data_format", "the imprint's length does not fit its algorithm")
    if policy not in (None, POLICY_OID):
        raise Refused("unaccepted_policy", f"only policy {POLICY_OID} is offered")
    if extensions:
        raise Refused("unaccepted_extensions", "extensions are not supported")
    return query


def stamp(query: tsp.TimeStampReq, keys: dict[str, str], stamped_at: datetime) -> bytes:
    """DER TimeStampResp with a signed token for the query (RFC 3161 §2.4.2, RFC 5816).

    `keys` holds ca_certificate_pem, certificate_pem and private_key_pem; `stamped_at` is an aware instant.
    """
    certificate = _certificate(keys["certificate_pem"])
    tst_info = {
        "version": "v1",
        "policy": POLICY_OID,
        "message_imprint": query["message_imprint"],
        "serial_number": secrets.randbits(126) | 1 << 126,
        "gen_time": stamped_at.astimezone(UTC).replace(microsecond=0),
        "accuracy": {"seconds": ACCURACY_SECONDS},
        "tsa": x509.GeneralName(name="directory_name", value=certificate.subject),
    }
    if query["nonce"].native is not None:
        tst_info["nonce"] = query["nonce"]
    # The requester decides whether the chain travels with the token (certReq).
    chain = [certificate, _certificate(keys["ca_certificate_pem"])] if query["cert_req"].native else []
    token = _signed(tsp.TSTInfo(tst_info).dump(), certificate, keys["private_key_pem"], chain)
    der: bytes = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
    return der


def refuse(refused: Refused) -> bytes:
    """DER TimeStampResp that says no, with the failure and one sentence."""
    status = {
        "status": "rejection",
        "status_string": [refused.text],
        "fail_info": {refused.failure},
    }
    der: bytes = RefusedResponse({"status": status}).dump()
    return der


def _certificate(pem: str) -> x509.Certificate:
    parsed = pyca_x509.load_pem_x509_certificate(pem.encode())
    return x509.Certificate.load(parsed.public_bytes(serialization.Encoding.DER))


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": (value,)})


def _signed(
    content: bytes, certificate: x509.Certificate, key_pem: str, chain: list[x509.Certificate]
) -> cms.ContentInfo:
    """CMS SignedData around the TSTInfo; signed attributes as RFC 3161 §2.4.2 asks, certificate bound by SHA-256."""
    digest = Hash(hashes.SHA256())
    digest.update(content)
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("message_digest", digest.finalize()),
            _attribute("signing_certificate_v2", as_signing_certificate_v2(certificate)),
        ]
    )
    algorithm, signature = _sign(key_pem, attributes.dump())
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": algorithm},
        "signature": signature,
    }
    signed = {
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
        "signer_infos": [signer],
    }
    if chain:
        signed["certificates"] = chain
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def _sign(key_pem: str, message: bytes) -> tuple[str, bytes]:
    key = serialization.load_pem_private_key(key_pem.encode(), password=None)
    if isinstance(key, rsa.RSAPrivateKey):
        return "rsassa_pkcs1v15", key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return "sha256_ecdsa", key.sign(message, ec.ECDSA(hashes.SHA256()))
    raise TypeError("the authority's key must be RSA or elliptic curve")


@blueprint.post("/tsa")
def answer() -> Response:
    """RFC 3161 §3.4: application/timestamp-query in, application/timestamp-reply out, refusals inside the reply."""
    if request.mimetype != "application/timestamp-query":
        return Response("send application/timestamp-query\n", status=415, mimetype="text/plain")
    try:
        query = read_query(request.get_data())
        reply = stamp(query, current().keys["tsa"], current().now())
    except Refused as refused:
        reply = refuse(refused)
    return Response(reply, mimetype="application/timestamp-reply")
