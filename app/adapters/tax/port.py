"""The tax and registry source over the Dukou port (docs/ports.md)."""

from __future__ import annotations

from app.adapters.answers import AnswerMalformed, Fields
from app.adapters.ports import PortClient
from app.adapters.tax import (
    EnterpriseRecord,
    EnterpriseUnknown,
    Flows,
    Invoice,
    SourceDown,
    TaxReport,
    TaxSummary,
)

UNKNOWN = "enterprise.unknown"


def down(reason: str) -> SourceDown:
    """The channel's error for no trustworthy answer."""
    return SourceDown("The tax source does not answer for now.", source="tax", reason=reason)


class PortTax:
    """The `Tax` protocol over the port."""

    def __init__(self, port: PortClient) -> None:
        self._port = port

    def enterprise(self, *, query_no: str, uscc: str) -> EnterpriseRecord | None:
        """See the protocol."""
        body = {"query_no": query_no, "uscc": uscc}
        answer = self._port.call("enterprise", "POST", "/tax/v1/enterprises", body, expected=UNKNOWN)
        if answer.code == UNKNOWN:
            return None
        try:
            _same_question(answer.fields, query_no)
            found = read_enterprise(answer.fields.inner("enterprise"))
            if found.uscc != uscc:
                raise AnswerMalformed("enterprise.uscc")
        except AnswerMalformed as fault:
            raise self._port.malformed("enterprise", fault) from None
        return found

    def tax_report(self, *, query_no: str, uscc: str, consent_ref: str) -> TaxReport:
        """See the protocol."""
        body = {"query_no": query_no, "uscc": uscc, "consent_ref": consent_ref}
        answer = self._port.call("tax_report", "POST", "/tax/v1/reports", body, expected=UNKNOWN)
        if answer.code == UNKNOWN:
            raise EnterpriseUnknown("The tax source has no enterprise with this code.")
        try:
            _same_question(answer.fields, query_no)
            return read_report(answer.fields)
        except AnswerMalformed as fault:
            raise self._port.malformed("tax_report", fault) from None


def read_enterprise(fields: Fields) -> EnterpriseRecord:
    """The registry's entry, each field of its type. Raises AnswerMalformed."""
    return EnterpriseRecord(
        uscc=fields.text("uscc"),
        name=fields.text("name"),
        status=fields.choice("status", ("active", "revoked", "deregistered")),
        established_on=fields.day("established_on"),
        industry_code=fields.text("industry_code"),
        region_code=fields.text("region_code"),
        legal_rep_name=fields.text("legal_rep_name"),
        legal_rep_id_no_sha256=fields.text("legal_rep_id_no_sha256"),
    )


def read_report(fields: Fields) -> TaxReport:
    """The report's values, each of its type. Raises AnswerMalformed."""
    flows = fields.inner("flows")
    monthly_inflow_fen = flows.wholes("monthly_inflow_fen")
    if len(monthly_inflow_fen) != 12:
        raise AnswerMalformed("flows.monthly_inflow_fen")
    return TaxReport(
        query_no=fields.text("query_no"),
        reported_at=fields.instant("reported_at"),
        tax=_summary(fields.inner("tax")),
        invoices=tuple(_invoice(one) for one in fields.many("invoices")),
        flows=Flows(monthly_inflow_fen, flows.whole("round_trip_share_bps")),
    )


def _summary(fields: Fields) -> TaxSummary:
    return TaxSummary(
        grade=fields.choice("grade", ("A", "B", "M", "C", "D")),
        paid_24m_fen=fields.whole("paid_24m_fen"),
        vat_sales_12m_fen=fields.whole("vat_sales_12m_fen"),
        zero_return_months_12m=fields.whole("zero_return_months_12m"),
        arrears_fen=fields.whole("arrears_fen"),
    )


def _invoice(fields: Fields) -> Invoice:
    return Invoice(
        number=fields.text("number"),
        issued_on=fields.day("issued_on"),
        amount_fen=fields.whole("amount_fen"),
        buyer_ref=fields.text("buyer_ref"),
        kind=fields.choice("kind", ("blue", "red")),
    )


def _same_question(fields: Fields, query_no: str) -> None:
    if fields.text("query_no") != query_no:
        raise AnswerMalformed("query_no")
