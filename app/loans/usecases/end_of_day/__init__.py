"""The end of a business day over all loans: planned in chunks, each brought through by one transaction, then closed."""

from app.loans.usecases.end_of_day.chunk import run_chunk
from app.loans.usecases.end_of_day.closing import close_day
from app.loans.usecases.end_of_day.planning import CHUNK, days_to_close, open_day

__all__ = ["CHUNK", "close_day", "days_to_close", "open_day", "run_chunk"]
