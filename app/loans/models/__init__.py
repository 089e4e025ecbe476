"""Tables of loans: what was lent, what was paid, and the days that pass over both."""

from app.loans.models.changes import LoanChange, LoanChangeRule
from app.loans.models.days import EndOfDayChunk, EndOfDaySum, ServicingRule
from app.loans.models.loans import ClassChange, Drawdown, Loan, LoanInstalment
from app.loans.models.reliefs import LoanRelief, WriteOffRule
from app.loans.models.repayments import Repayment, RepaymentReversal, SettlementCertificate

__all__ = [
    "ClassChange",
    "Drawdown",
    "EndOfDayChunk",
    "EndOfDaySum",
    "Loan",
    "LoanChange",
    "LoanChangeRule",
    "LoanInstalment",
    "LoanRelief",
    "Repayment",
    "RepaymentReversal",
    "ServicingRule",
    "SettlementCertificate",
    "WriteOffRule",
]
