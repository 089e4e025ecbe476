"""The credit bureau over the Dukou port (docs/ports.md)."""

from __future__ import annotations

from typing import get_args

from app.adapters.answers import AnswerMalformed, Fields
from app.adapters.bureau import CreditReport, IdentityCheck, PersonUnknown, ReportedLoan, SourceDown
from app.adapters.ports import PortClient


def down(reason: str) -> SourceDown:
    """The channel's error for no trustworthy answer."""
    return SourceDown("The credit bureau does not answer for now.", source="bureau", reason=reason)


class PortBureau:
    """The `Bureau` protocol over the port."""

    def __init__(self, port: PortClient) -> None:
        self._port = port

    def check_identity(self, *, query_no: str, name: str, id_no: str, phone: str) -> IdentityCheck:
        """See the protocol."""
        body = {"query_no": query_no, "name": name, "id_no": id_no, "phone": phone}
        answer = self._port.call("check_identity", "POST", "/bureau/v1/identity-checks", body)
        try:
            _same_question(answer.fields, query_no)
            found: IdentityCheck = answer.fields.choice("result", get_args(IdentityCheck))
        except AnswerMalformed as fault:
            raise self._port.malformed("check_identity", fault) from None
        return found

    def credit_report(self, *, query_no: str, name: str, id_no: str, purpose: str, consent_ref: str) -> CreditReport:
        """See the protocol."""
        body = {"query_no": query_no, "name": name, "id_no": id_no, "purpose": purpose, "consent_ref": consent_ref}
        answer = self._port.call("credit_report", "POST", "/bureau/v1/reports", body, expected="person.unknown")
        if answer.code == "person.unknown":
            raise PersonUnknown("The bureau knows no person with this name and number.")
        try:
            _same_question(answer.fields, query_no)
            return read_report(answer.fields)
        except AnswerMalformed as fault:
            raise self._port.malformed("credit_report", fault) from None


def read_report(fields: Fields) -> CreditReport:
    """The report's values, each of its type. Raises AnswerMalformed."""
    report = fields.inner("report")
    return CreditReport(
        query_no=fields.text("query_no"),
        reported_at=fields.instant("reported_at"),
        credit_file=report.choice("credit_file", ("full", "thin")),
        current_overdue_fen=report.whole("current_overdue_fen"),
        overdue_count_24m=report.whole("overdue_count_24m"),
        worst_overdue_days_24m=report.whole("worst_overdue_days_24m"),
        queries_3m=report.whole("queries_3m"),
        queries_6m=report.whole("queries_6m"),
        card_limit_fen=report.whole("card_limit_fen"),
        card_used_fen=report.whole("card_used_fen"),
        loans=tuple(
            ReportedLoan(loan.text("lender_kind"), loan.whole("balance_fen"), loan.whole("monthly_payment_fen"))
            for loan in report.many("loans")
        ),
        court_listed=report.flag("court_listed"),
        sanctioned=report.flag("sanctioned"),
    )


def _same_question(fields: Fields, query_no: str) -> None:
    if fields.text("query_no") != query_no:
        raise AnswerMalformed("query_no")
