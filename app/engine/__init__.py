"""Loan arithmetic over plain values: no web, no database, no clock.

Every amount is an int of fen, every rate a Decimal, every day a date. Start with `terms.Terms` and
`schedules.schedule`; a refusal is an `errors.EngineError` with a stable `code`.
"""
