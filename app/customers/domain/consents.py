"""Consents: their kinds, each given on its own, and the facts that refuse."""

from __future__ import annotations

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable

PERSONAL_KINDS = ("privacy_terms", "identity_check", "bureau_query")
ENTERPRISE_KINDS = ("tax_data", "invoice_data")
PARTNER_KINDS = ("partner_sharing",)  # nothing depends on these: they are never asked for on the way to a loan
MANDATE_KINDS = ("direct_debit",)  # given with the account it is for, never by itself
ASKED_KINDS = PERSONAL_KINDS + ENTERPRISE_KINDS + PARTNER_KINDS
KINDS = ASKED_KINDS + MANDATE_KINDS
LOCALES = ("zh-CN", "en")


class ConsentMissing(Forbidden):
    """This step needs consents that were not given; the context lists them."""

    code = "consent.missing"


class ConsentTextChanged(Conflict):
    """The text sent back is not the one in force: show the current one and ask again."""

    code = "consent.text_changed"


class ConsentSubjectWrong(Unprocessable):
    """An enterprise or a partner is missing where the consent is about one, or given where it is not."""

    code = "consent.subject_wrong"


class ConsentUnknown(NotFound):
    code = "consent.not_found"


def about_enterprise(kind: str) -> bool:
    """Whether a kind is given for one enterprise rather than for the person."""
    return kind in ENTERPRISE_KINDS


def names_partner(kind: str) -> bool:
    """Whether a kind lets us tell one partner something: each partner needs a consent of its own (PIPL art. 23)."""
    return kind in PARTNER_KINDS
