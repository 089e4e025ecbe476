"""Electronic seals on PDF contracts: PAdES B-T with the bank's certificate and a time stamp of an authority."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.kernel.errors import Unavailable, Unprocessable


class SealUnavailable(Unavailable):
    """The time-stamp authority does not answer; nothing was sealed, try again."""

    code = "esign.unavailable"


class PdfUnreadable(Unprocessable):
    """These bytes are not a PDF that can be sealed or verified."""

    code = "esign.pdf_unreadable"


@dataclass(frozen=True)
class SealedPdf:
    """The sealed document; `sealed_at` is the authority's time, not ours."""

    pdf: bytes = field(repr=False)
    sha256: str
    sealed_at: datetime


@dataclass(frozen=True)
class PdfVerdict:
    """What a reader can rely on. `intact`: every seal fits and nothing but seals was added since the first one.

    `trusted`: the seals lead to the bank's authority and the time stamps to theirs; `timestamped_at` and `signer` tell
    of the last seal, None without one.
    """

    intact: bool
    trusted: bool
    timestamped_at: datetime | None
    signer: str | None


class Esign(Protocol):
    """The bank's seal."""

    def seal_pdf(self, pdf: bytes, *, reason: str, field_name: str) -> SealedPdf:
        """Seal and time-stamp; the result has been verified. Raises SealUnavailable, PdfUnreadable."""

    def verify_pdf(self, pdf: bytes) -> PdfVerdict:
        """Check every seal. Raises PdfUnreadable."""
