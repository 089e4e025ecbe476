"""Jobs of loans: what follows from payments and transfers, and the end of day."""

from app.loans.jobs.listening import activate, apply_payment, close_repayment, fail_drawdown, open_drawdown

__all__ = ["activate", "apply_payment", "close_repayment", "fail_drawdown", "open_drawdown"]
