"""Loans: drawdown, loan note, schedule, repayment and early pay-off."""
