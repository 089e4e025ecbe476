"""What the bank gives up of a loan: the parts of a waiver, the reasons for it, and what is refused; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

from app.kernel.errors import Conflict, Unprocessable

# hardship: the customer cannot pay it · bank_error: it should never have been charged · dispute: given up in a dispute
# agreement: part of an agreed settlement · policy: a public policy asks for it
WAIVER_REASONS = ("hardship", "bank_error", "dispute", "agreement", "policy")
# bankruptcy, death, court (enforcement ended without result), uncollectable (no trace, no assets), small (not worth it)
WRITE_OFF_REASONS = ("bankruptcy", "death", "court", "uncollectable", "small")


@dataclass(frozen=True)
class Waived:
    """A waiver by what is given up, in fen. No fee stands on a loan here, so there is none to give up."""

    principal_fen: int = 0
    interest_fen: int = 0
    penalty_fen: int = 0
    compound_fen: int = 0

    @classmethod
    def of(cls, amounts: Mapping[str, int]) -> Self:
        """By the names of the fields. Raises WaiverAmountsWrong for unknown names and what is no amount."""
        try:
            found = cls(**amounts)
        except TypeError as error:
            raise WaiverAmountsWrong("These are not the parts of a waiver.") from error
        parts = found.parts().values()
        if any(not isinstance(fen, int) or isinstance(fen, bool) or fen < 0 for fen in parts) or not any(parts):
            raise WaiverAmountsWrong("Say what is waived, in whole fen above zero.")
        return found

    def parts(self) -> dict[str, int]:
        """By name."""
        return asdict(self)

    @property
    def total_fen(self) -> int:
        return sum(self.parts().values())

    def check_within(self, owed: Waived) -> None:
        """Raises WaiverTooLarge with what is owed."""
        if any(fen > owed.parts()[name] for name, fen in self.parts().items()):
            raise WaiverTooLarge("That is more than what is owed today.", **owed.parts())


class WaiverAmountsWrong(Unprocessable):
    """A waiver names amounts above zero of what can be waived."""

    code = "waiver.amounts_wrong"


class WaiverTooLarge(Conflict):
    """More than what is due and unpaid today; the context holds that."""

    code = "waiver.too_large"


class ReliefReasonUnknown(Unprocessable):
    """A waiver and a write-off have one of the known reasons and words for it."""

    code = "relief.reason_unknown"


class NothingOwed(Conflict):
    """The loan is settled."""

    code = "relief.nothing_owed"


class AlreadyWrittenOff(Conflict):
    """The loan was written off before."""

    code = "write_off.already"


class WriteOffNotYet(Conflict):
    """The rule of the day does not let this loan be written off; the context holds what it asks for."""

    code = "write_off.not_yet"
