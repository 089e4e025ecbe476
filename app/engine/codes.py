"""Identity and account codes of mainland China: normalised, checked, taken apart. No message repeats a code."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from stdnum import luhn

from .errors import CodeError

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECK = "10X98765432"
PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
"""First two digits of GB/T 2260; 91 is used for foreigners' residence."""


@dataclass(frozen=True, slots=True, repr=False)
class ResidentId:
    """A resident identity number taken apart; its repr shows nothing of it."""

    number: str
    region: str
    born_on: date
    sex: Literal["female", "male"]

    def age_on(self, day: date) -> int:
        """Completed years on a day; a 29 February birthday counts from 1 March in ordinary years."""
        had_birthday = (day.month, day.day) >= (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - (0 if had_birthday else 1)

    def __repr__(self) -> str:
        return "ResidentId(…)"


def normalise(text: str) -> str:
    """Full-width characters made half-width, letters upper-case, spaces, dots and hyphens dropped."""
    if not isinstance(text, str):
        raise CodeError("not_text", "a code must be text")
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-‐-―·.]", "", plain)


def uscc(text: str) -> str:
    """The unified social credit code, normalised (GB 32100-2015).

    18 characters without I O S V Z: authority, category, six digits of region, organisation code, check character.
    Check: weights 3^(i−1) mod 31, C = 31 − Σ mod 31, 31 counts as 0. Raises `code.uscc_malformed`,
    `code.uscc_check_failed`, `code.organisation_check_failed`.
    """
    code = normalise(text)
    if not re.fullmatch(rf"[{USCC_ALPHABET}]{{2}}\d{{6}}[{USCC_ALPHABET}]{{10}}", code, re.ASCII):
        raise CodeError("uscc_malformed", "a unified social credit code has 18 characters without I O S V Z")
    if code[-1] != uscc_check(code[:17]):
        raise CodeError("uscc_check_failed", "the check character of the unified social credit code is wrong")
    organisation_code(code[8:17])
    return code


def uscc_check(first_seventeen: str) -> str:
    """The check character that belongs to the first 17 characters."""
    total = sum(USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first_seventeen))
    return USCC_ALPHABET[-total % 31]


def organisation_code(text: str) -> str:
    """The organisation code without hyphen (GB 11714): 8 characters and a check, 11 − Σ mod 11, 10 is X, 11 is 0.

    Raises `code.organisation_malformed`, `code.organisation_check_failed`.
    """
    code = normalise(text)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        raise CodeError("organisation_malformed", "an organisation code has 8 characters and a check character")
    values = (ORGANISATION_ALPHABET.index(char) for char in code[:8])
    total = sum(value * weight for value, weight in zip(values, ORGANISATION_WEIGHTS, strict=True))
    if code[8] != "0123456789X"[-total % 11]:
        raise CodeError("organisation_check_failed", "the check character of the organisation code is wrong")
    return code


def organisation_code_of(unified_code: str) -> str:
    """The organisation code inside a unified social credit code: its characters 9 to 17."""
    return uscc(unified_code)[8:17]


def resident_id(text: str, today: date | None = None) -> ResidentId:
    """A resident identity number (GB 11643): province, real date of birth, check by ISO 7064 MOD 11-2.

    The county is not looked up: a number keeps the code of its time of issue, and the standard's own samples use
    codes that today's tables no longer hold. With `today`, a birth in the future is refused. Raises
    `code.resident_malformed` (15-digit numbers are retired), `code.resident_region_unknown`,
    `code.resident_date_impossible`, `code.resident_check_failed`.
    """
    number = normalise(text)
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        raise CodeError("resident_malformed", "a resident identity number has 17 digits and a check character")
    if not PROVINCES.fullmatch(number[:2]):
        raise CodeError("resident_region_unknown", "the number does not start with a known province")
    born_on = _birthday(number)
    if born_on is None or born_on.year < 1800 or (today is not None and born_on > today):
        raise CodeError("resident_date_impossible", "the number does not hold a possible date of birth")
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], RESIDENT_WEIGHTS, strict=True))
    if number[-1] != RESIDENT_CHECK[total % 11]:
        raise CodeError("resident_check_failed", "the check character of the resident identity number is wrong")
    return ResidentId(number, number[:6], born_on, "male" if int(number[16]) % 2 else "female")


def bank_card(text: str) -> str:
    """A personal bank card number, 13 to 19 digits with the Luhn check. Company accounts often fail Luhn: do not use it
    for them. Raises `code.card_malformed`, `code.card_check_failed`."""
    number = normalise(text)
    if not re.fullmatch(r"\d{13,19}", number, re.ASCII):
        raise CodeError("card_malformed", "a card number has 13 to 19 digits")
    if not luhn.is_valid(number):
        raise CodeError("card_check_failed", "the check digit of the card number is wrong")
    return number


def mobile(text: str) -> str:
    """A mainland mobile number in E.164 form, +86 and 11 digits; a prefix +86, 0086 or 86 may be given.

    Raises `code.mobile_malformed`.
    """
    found = re.fullmatch(r"(?:\+86|0086|86)?(1[3-9]\d{9})", normalise(text), re.ASCII)
    if not found:
        raise CodeError("mobile_malformed", "a mobile number has 11 digits and starts with 13 to 19")
    return "+86" + found[1]


def _birthday(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
