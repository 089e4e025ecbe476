"""A rule set: knock-outs, scorecard, grades, limit and price, read from one JSON body and checked as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

from app.credit.domain.features import DEFINITIONS
from app.credit.domain.knockouts import Knockout
from app.credit.domain.limits import LimitRules
from app.credit.domain.prices import PriceRules
from app.credit.domain.reasons import Wording
from app.credit.domain.scorecard import Scorecard
from app.kernel.errors import Unprocessable


class RuleSetMalformed(Unprocessable):
    """The body of a rule set cannot be used; the detail says where."""

    code = "rule_set.malformed"


@dataclass(frozen=True)
class Grade:
    """What a score of at least `from_score` is worth."""

    name: str
    from_score: int
    limit_factor_bps: int
    spread_bps: int


@dataclass(frozen=True)
class RuleSet:
    """Everything that decides, apart from the product and the regulated parameters."""

    knockouts: tuple[Knockout, ...]
    scorecard: Scorecard
    grades: tuple[Grade, ...]
    limit: LimitRules
    price: PriceRules
    too_dear: Wording

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> RuleSet:
        """Read and check a body. Raises RuleSetMalformed."""
        try:
            rules = cls(
                knockouts=tuple(Knockout.parse(one) for one in body["knockouts"]),
                scorecard=Scorecard.parse(body["scorecard"]),
                grades=tuple(Grade(**one) for one in body["grades"]),
                limit=LimitRules.parse(body["limit"]),
                price=PriceRules.parse(body["price"]),
                too_dear=Wording.parse(body["price"]["reasons"]["too_dear"]),
            )
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise RuleSetMalformed(f"The rule set lacks or misspells {error}.") from error
        _check(rules)
        return rules

    def grade(self, score: int) -> Grade:
        """The best grade whose threshold the score reaches; the last one holds for all lower scores."""
        return next((one for one in self.grades if score >= one.from_score), self.grades[-1])


def _check(rules: RuleSet) -> None:
    named = [rule.feature for rule in rules.knockouts]
    named += [line.feature for line in rules.scorecard.characteristics]
    named += list(rules.limit.multiples_bps)
    _refuse("unknown features", [name for name in named if name not in DEFINITIONS])
    _refuse("points that do not follow from their WOE", rules.scorecard.misprinted())
    thresholds = [one.from_score for one in rules.grades]
    if not thresholds or thresholds != sorted(thresholds, reverse=True):
        raise RuleSetMalformed("Grades must go from the best to the worst.")


def _refuse(fault: str, where: Sequence[str]) -> None:
    if where:
        raise RuleSetMalformed(f"The rule set has {fault}: {', '.join(where)}.")
