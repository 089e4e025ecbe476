"""Chinese identity codes with valid check digits, for invented people and enterprises."""

from __future__ import annotations

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def resident_id(region: str, born: str, sequence: int) -> str:
    """An 18-digit resident ID (GB 11643): region, date of birth yyyymmdd, sequence, check."""
    stem = f"{region}{born}{sequence:03d}"
    return stem + _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(stem, _ID_WEIGHTS, strict=True)) % 11]


def organisation_code(stem: str) -> str:
    """A 9-character organisation code (GB 11714): eight characters and their check."""
    total = sum(int(mark, 36) * weight for mark, weight in zip(stem, _ORG_WEIGHTS, strict=True))
    check = 11 - total % 11
    return stem + {10: "X", 11: "0"}.get(check, str(check))


def uscc(region: str, organisation_stem: str) -> str:
    """An 18-character unified social credit code of a company (GB 32100-2015)."""
    stem = f"91{region}{organisation_code(organisation_stem)}"
    total = sum(_USCC_ALPHABET.index(mark) * pow(3, place, 31) for place, mark in enumerate(stem))
    return stem + _USCC_ALPHABET[(31 - total % 31) % 31]
