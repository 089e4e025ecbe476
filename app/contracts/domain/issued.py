"""A paper as the bank issued it, known again by the SHA-256 of its bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from app.kernel.errors import Unprocessable

LOAN_CONTRACT, FOR_SIGNATURE, SETTLEMENT_CERTIFICATE = (
    "loan_contract",
    "loan_contract_for_signature",
    "settlement_certificate",
)
KINDS = (LOAN_CONTRACT, FOR_SIGNATURE, SETTLEMENT_CERTIFICATE)
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_DIGESTS = 16


class DigestMalformed(Unprocessable):
    """A digest is 64 hexadecimal digits, and at most sixteen are asked for at once."""

    code = "paper.digest_malformed"


@dataclass(frozen=True)
class IssuedPaper:
    """What may be told to whoever holds the paper: nothing that does not stand in it, but whether it is void.

    `issued_at`: of the seal's time stamp, or when an unsealed document was shown. `evidence_sha256`: the digest of the
    evidence of the customer's signature, which the bank's seal names.
    """

    kind: str
    number: str
    sha256: str
    issued_at: datetime
    signed_at: datetime | None = None
    evidence_sha256: str | None = None
    void_at: datetime | None = None


def digests(given: list[str]) -> list[str]:
    """What was given, in small letters and without blanks. Raises DigestMalformed."""
    found = [one.strip().lower() for one in given]
    if not 1 <= len(found) <= MOST_DIGESTS or not all(DIGEST.fullmatch(one) for one in found):
        raise DigestMalformed(f"Give one to {MOST_DIGESTS} SHA-256 digests of 64 hexadecimal digits each.")
    return found
