"""Seals: made, time-stamped, verified, and broken in every way that a reader must notice."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
import typst
from asn1crypto import algos, tsp
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from app.adapters.esign import Esign, PdfUnreadable, SealedPdf, SealUnavailable
from app.adapters.esign.pades import PadesSeal
from sandbox.certificates import issue, new_authority
from tests.adapters.vendor import Told, Vendor

SOURCE = b'#set document(title: "Test")\n= Contract\nSum: CNY 50,000.00'


@pytest.fixture(scope="module")
def contract() -> bytes:
    """PDF/A as the contracts are."""
    compiled: bytes = typst.compile(SOURCE, format="pdf", pdf_standards=["a-2b"])
    return compiled


@pytest.fixture(scope="module")
def seal(sections: dict[str, Any]) -> PadesSeal:
    return PadesSeal(sections["esign"], sections["tsa"])


@pytest.fixture(scope="module")
def sealed(seal: Esign, contract: bytes) -> SealedPdf:
    return seal.seal_pdf(contract, reason="签署借款合同", field_name="BankSeal")


def test_a_seal(seal: Esign, sealed: SealedPdf, contract: bytes) -> None:
    assert sealed.pdf.startswith(contract) and sealed.sha256 == hashlib.sha256(sealed.pdf).hexdigest()
    assert abs(sealed.sealed_at - datetime.now(UTC)) < timedelta(minutes=5)
    verdict = seal.verify_pdf(sealed.pdf)
    assert (verdict.intact, verdict.trusted, verdict.timestamped_at) == (True, True, sealed.sealed_at)
    assert verdict.signer == "Sandbox Bank Contract Seal"


def test_it_is_pades_with_a_time_stamp(sealed: SealedPdf) -> None:
    (found,) = PdfFileReader(BytesIO(sealed.pdf)).embedded_regular_signatures
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert found.sig_object["/Reason"] == "签署借款合同"
    unsigned = [attribute["type"].native for attribute in found.signer_info["unsigned_attrs"]]
    assert unsigned == ["signature_time_stamp_token"]


def test_a_second_seal_leaves_the_first_valid(seal: Esign, sealed: SealedPdf) -> None:
    twice = seal.seal_pdf(sealed.pdf, reason="again", field_name="SecondSeal")
    assert seal.verify_pdf(twice.pdf).intact


def test_without_a_seal(seal: Esign, contract: bytes) -> None:
    verdict = seal.verify_pdf(contract)
    assert not verdict.intact and not verdict.trusted and verdict.signer is None


@pytest.mark.parametrize("share", [0.01, 0.2, 0.4])
def test_a_changed_byte_is_noticed(seal: Esign, sealed: SealedPdf, contract: bytes, share: float) -> None:
    changed = bytearray(sealed.pdf)
    changed[int(len(contract) * share)] ^= 1
    with suppress(PdfUnreadable):
        assert not seal.verify_pdf(bytes(changed)).intact


def test_an_update_after_the_seal_is_noticed(seal: Esign, sealed: SealedPdf) -> None:
    """The signed bytes are untouched; what a reader shows is not."""
    writer = IncrementalPdfFileWriter(BytesIO(sealed.pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(sealed.pdf) and not seal.verify_pdf(out.getvalue()).intact


def test_bytes_appended_are_noticed(seal: Esign, sealed: SealedPdf) -> None:
    with suppress(PdfUnreadable):
        assert not seal.verify_pdf(sealed.pdf + b"\n% paid\n").intact


def test_another_authority_is_not_trusted(sections: dict[str, Any], sealed: SealedPdf) -> None:
    stranger = new_authority("Other Root", "Other")
    signer = issue(stranger, "Other Seal", "Other")
    esign = {
        "ca_certificate_pem": stranger.certificate_pem,
        "signer_certificate_pem": signer.certificate_pem,
        "signer_private_key_pem": signer.key_pem,
    }
    verdict = PadesSeal(esign, sections["tsa"]).verify_pdf(sealed.pdf)
    assert verdict.intact and not verdict.trusted
    tsa = sections["tsa"] | {"ca_certificate_pem": stranger.certificate_pem}
    assert not PadesSeal(sections["esign"], tsa).verify_pdf(sealed.pdf).trusted


def test_a_stamp_of_an_unknown_authority_is_not_sealed_with(sections: dict[str, Any], contract: bytes) -> None:
    tsa = sections["tsa"] | {"ca_certificate_pem": new_authority("Other", "Other").certificate_pem}
    with pytest.raises(SealUnavailable):
        PadesSeal(sections["esign"], tsa).seal_pdf(contract, reason="r", field_name="BankSeal")


@pytest.mark.parametrize(
    "told",
    [
        Told(500),
        Told(200, b"<html>", {"Content-Type": "text/html"}),
        Told(200, b"rubbish", {"Content-Type": "application/timestamp-reply"}),
        Told(200, b"", {"Content-Type": "application/timestamp-reply"}),
        Told(200, bytes.fromhex("30053003020102"), {"Content-Type": "application/timestamp-reply"}),  # rejection
    ],
)
def test_an_authority_that_gives_no_stamp(
    sections: dict[str, Any], vendor: Vendor, contract: bytes, told: Told
) -> None:
    vendor.script = lambda *_: told
    with pytest.raises(SealUnavailable):
        PadesSeal(sections["esign"], sections["tsa"] | {"url": f"{vendor.origin}/tsa"}).seal_pdf(
            contract, reason="r", field_name="BankSeal"
        )


def test_a_stamp_for_another_question(sections: dict[str, Any], vendor: Vendor, contract: bytes) -> None:
    """A replayed reply carries another nonce and another digest."""
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": bytes(32)}
    query = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True, "nonce": 5}).dump()
    headers = {"Content-Type": "application/timestamp-query"}
    genuine = httpx.post(sections["tsa"]["url"], content=query, headers=headers, trust_env=False).content
    vendor.script = lambda *_: Told(200, genuine, {"Content-Type": "application/timestamp-reply"})
    with pytest.raises(SealUnavailable):
        PadesSeal(sections["esign"], sections["tsa"] | {"url": f"{vendor.origin}/tsa"}).seal_pdf(
            contract, reason="r", field_name="BankSeal"
        )


@pytest.mark.parametrize("rubbish", [b"", b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"])
def test_what_is_not_a_pdf(seal: Esign, rubbish: bytes) -> None:
    with pytest.raises(PdfUnreadable):
        seal.verify_pdf(rubbish)
    with pytest.raises(PdfUnreadable):
        seal.seal_pdf(rubbish, reason="r", field_name="BankSeal")


def test_a_field_is_sealed_once(seal: Esign, sealed: SealedPdf) -> None:
    with pytest.raises(PdfUnreadable):
        seal.seal_pdf(sealed.pdf, reason="r", field_name="BankSeal")
