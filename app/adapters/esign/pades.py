"""PAdES B-T with pyHanko: the bank's own certificate, a time stamp of an authority, and the check of both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import structlog
from asn1crypto import keys, pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.adapters.esign import PdfUnreadable, PdfVerdict, SealedPdf, SealUnavailable
from app.adapters.esign.time_stamps import PortTimeStamper

log = structlog.get_logger(__name__)


class PadesSeal:
    """The `Esign` protocol. `esign` holds the bank's signer and its authority, `tsa` the time-stamp authority."""

    def __init__(self, esign: Mapping[str, Any], tsa: Mapping[str, Any]) -> None:
        self._authority = certificate(esign["ca_certificate_pem"])
        self._stamp_authority = certificate(tsa["ca_certificate_pem"])
        self._signer = _signer(esign["signer_certificate_pem"], esign["signer_private_key_pem"], self._authority)
        self._stamper = PortTimeStamper(tsa["url"])

    def seal_pdf(self, pdf: bytes, *, reason: str, field_name: str) -> SealedPdf:
        """See the protocol. The seal is an incremental update, so earlier seals stay valid."""
        metadata = PdfSignatureMetadata(
            field_name=field_name,
            reason=reason,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
        )
        try:
            writer = IncrementalPdfFileWriter(BytesIO(pdf))
            signer = PdfSigner(metadata, self._signer, timestamper=self._stamper)
            sealed: bytes = signer.sign_pdf(writer).getvalue()
        except (PdfError, SigningError) as fault:
            raise PdfUnreadable("This is not a PDF that can be sealed so.", fault=type(fault).__name__) from None
        return self._checked(sealed)

    def verify_pdf(self, pdf: bytes) -> PdfVerdict:
        """See the protocol. A document without a seal is neither intact nor trusted."""
        try:
            seals = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
            statuses = [self._status(seal) for seal in seals]
        except Exception as fault:  # whatever hostile bytes make the parser stumble over
            raise PdfUnreadable("The seals of this file cannot be read.", fault=type(fault).__name__) from None
        if not statuses:
            return PdfVerdict(intact=False, trusted=False, timestamped_at=None, signer=None)
        last = statuses[-1]
        stamp = last.timestamp_validity
        return PdfVerdict(
            intact=all(_intact(status) for status in statuses) and last.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            trusted=all(_trusted(status) for status in statuses),
            timestamped_at=stamp.timestamp if stamp else None,
            signer=str(last.signing_cert.subject.native.get("common_name")),
        )

    def _status(self, seal: Any) -> PdfSignatureStatus:
        return validate_pdf_signature(
            seal,
            signer_validation_context=ValidationContext(trust_roots=[self._authority], allow_fetching=False),
            ts_validation_context=ValidationContext(trust_roots=[self._stamp_authority], allow_fetching=False),
        )

    def _checked(self, sealed: bytes) -> SealedPdf:
        """Nothing leaves here that a reader would not accept."""
        verdict = self.verify_pdf(sealed)
        if not (verdict.intact and verdict.trusted) or verdict.timestamped_at is None:
            log.error("seal_not_valid", intact=verdict.intact, trusted=verdict.trusted)
            raise SealUnavailable("The seal that was made does not verify; see the log.")
        return SealedPdf(sealed, hashlib.sha256(sealed).hexdigest(), verdict.timestamped_at)


def certificate(text: str) -> x509.Certificate:
    """A certificate in PEM."""
    _, _, der = pem.unarmor(text.encode())
    return x509.Certificate.load(der)


def _signer(certificate_pem: str, key_pem: str, authority: x509.Certificate) -> SimpleSigner:
    _, _, der = pem.unarmor(key_pem.encode())
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(authority)
    return SimpleSigner(
        signing_cert=certificate(certificate_pem), signing_key=keys.PrivateKeyInfo.load(der), cert_registry=store
    )


def _intact(status: PdfSignatureStatus) -> bool:
    """The signed bytes are as they were, and later additions are seals at most."""
    return bool(status.intact and status.valid and status.docmdp_ok)


def _trusted(status: PdfSignatureStatus) -> bool:
    stamp = status.timestamp_validity
    return bool(status.trusted and stamp and stamp.intact and stamp.valid and stamp.trusted)
