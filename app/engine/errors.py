"""What the engine refuses, each refusal with a stable code that clients may branch on."""

from typing import ClassVar


class EngineError(ValueError):
    """A refused input: `code` is stable, `context` holds the numbers behind it (never a person's identity)."""

    subject: ClassVar[str] = "engine"

    def __init__(self, reason: str, message: str, **context: object) -> None:
        super().__init__(message)
        self.reason = reason
        self.context = context

    @property
    def code(self) -> str:
        """The stable name of the refusal, such as `schedule.principal_out_of_range`."""
        return f"{self.subject}.{self.reason}"


class ScheduleError(EngineError):
    """The terms of a loan cannot be turned into a schedule."""

    subject = "schedule"


class CalendarError(EngineError):
    """A day is needed that the calendar of working days does not know."""

    subject = "calendar"


class CostError(EngineError):
    """A yearly cost does not exist or is outside what may be stated."""

    subject = "cost"


class AllocationError(EngineError):
    """A payment cannot be divided as asked."""

    subject = "allocation"


class PrepaymentError(EngineError):
    """An early repayment is not possible as asked."""

    subject = "prepayment"


class OverdueError(EngineError):
    """Penalty interest cannot be worked out as asked."""

    subject = "overdue"


class ReplayError(EngineError):
    """The history of a loan does not hold together."""

    subject = "loan"


class CodeError(EngineError):
    """An identity or account code is not well formed; the message never repeats the code."""

    subject = "code"


class AmountError(EngineError):
    """An amount cannot be written as asked."""

    subject = "amount"
