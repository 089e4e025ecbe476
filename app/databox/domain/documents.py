"""What becomes of a document: states, limits, and the facts that refuse it."""

from __future__ import annotations

from app.kernel.errors import Conflict, NotFound, TooMany, Unprocessable

# {(status, event): next status}. What is refused or taken back loses its content at once, the row stays.
STATES = {
    ("received", "read"): "to_confirm",
    ("received", "refused"): "rejected",
    ("received", "withdrawn"): "withdrawn",
    ("to_confirm", "confirmed"): "confirmed",
    ("to_confirm", "withdrawn"): "withdrawn",
    ("confirmed", "withdrawn"): "withdrawn",
}
STATUSES = ("received", "to_confirm", "confirmed", "rejected", "withdrawn")
KINDS = ("bank_statement", "invoice")
ACTIONS = ("uploaded", "viewed", "downloaded", "confirmed", "withdrawn")


class DocumentUnknown(NotFound):
    code = "document.not_found"


class DocumentEmpty(Unprocessable):
    code = "document.empty"


class DocumentGone(Conflict):
    """The content was erased when the document was refused or taken back."""

    code = "document.content_erased"


class BoxFull(Conflict):
    code = "document.box_full"


class TooManyUploads(TooMany):
    code = "document.too_many_uploads"


class Unreadable(Exception):
    """A file cannot be trusted as read; `code` says why, `place` where (a row number, a field's name)."""

    def __init__(self, code: str, place: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.place = place


# Every reason that a refused document can have; clients have words for each.
REFUSALS = (
    "type_unknown", "archive_unsafe", "xml_unsafe", "text_unreadable", "workbook_unreadable", "too_large_inside",
    "took_too_long", "header_missing", "header_ambiguous", "rows_missing", "row_unreadable", "amount_unreadable",
    "date_unreadable", "currency_not_cny", "opening_missing", "balance_broken", "closing_differs", "totals_differ",
    "invoice_incomplete", "invoice_code_wrong", "invoice_sums_differ", "other_business",
)
