"""The decision: a pure function of a case, a rule set and a product; the same three always give the same outcome."""

from __future__ import annotations

from decimal import Decimal

from app.credit.domain.cases import Case, Outcome
from app.credit.domain.features import Text
from app.credit.domain.knockouts import knocked_out
from app.credit.domain.limit_reasons import limit_reasons
from app.credit.domain.limits import Limit, affordable, limit
from app.credit.domain.prices import Price, price
from app.credit.domain.products import ProductTerms
from app.credit.domain.reasons import Reason, reason
from app.credit.domain.rules import Grade, RuleSet
from app.engine.costs import CostBasis, all_in_cost, exceeds_cap
from app.engine.schedules import Schedule, schedule


def decide(case: Case, rules: RuleSet, product: ProductTerms) -> Outcome:
    """Knock-outs, score, grade, price, limit, all-in check; every step is worked out also where an earlier one fails.

    Declined by a knock-out, by a limit that does not carry the wish, by the yearly all-in cost, or by the cut-off;
    the reasons come in that order.
    """
    score = rules.scorecard.score(case.features)
    grade = rules.grade(score.points)
    at_price = price_for(case, rules, product, grade.name, case.term_months)
    lines = _limit(case, rules, product, grade)
    amount_fen = offered(case, lines, product, at_price.annual_rate)
    plan = plan_of(amount_fen or case.amount_fen, case, product, at_price.annual_rate)
    cost = all_in_cost(plan)
    reasons = (
        *knocked_out(rules.knockouts, case.features),
        *limit_reasons(rules.limit, case, lines, plan, min_fen=product.min_fen, offered_fen=amount_fen),
        *([_too_dear(case, rules)] if exceeds_cap(cost, case.all_in_cap, CostBasis.NOMINAL) else []),
        *(score.adverse if score.points < rules.scorecard.cut_off else ()),
    )
    return Outcome(
        approved=not reasons,
        amount_fen=0 if reasons else amount_fen,
        score=score.points,
        grade=grade.name,
        score_lines=score.lines,
        limit=lines,
        price=at_price,
        all_in_annual_rate=cost.on(CostBasis.NOMINAL),
        reasons=reasons,
        adverse=score.adverse,
    )


def _limit(case: Case, rules: RuleSet, product: ProductTerms, grade: Grade) -> Limit:
    longest = max(product.terms_months)
    return limit(
        rules.limit,
        case.features,
        factor_bps=grade.limit_factor_bps,
        annual_rate=price_for(case, rules, product, grade.name, longest).annual_rate,
        longest_term_months=product.plan.paying_months(longest),
        product_cap_fen=product.max_fen,
    )


def price_for(case: Case, rules: RuleSet, product: ProductTerms, grade_name: str, term_months: int) -> Price:
    """The price of a term for a grade, on the case's day."""
    grade = _grade(rules, grade_name)
    return price(
        rules.price,
        lpr=case.lpr_1y,
        spread_bps=product.spread_bps,
        floor_bps=product.floor_bps,
        cap_bps=product.cap_bps,
        grade_bps=grade.spread_bps,
        term_months=term_months,
        returning=case.features["earlier_loans"].number > 0,
    )


def _grade(rules: RuleSet, name: str) -> Grade:
    return next(one for one in rules.grades if one.name == name)


def offered(case: Case, lines: Limit, product: ProductTerms, annual_rate: Decimal) -> int:
    """What can be lent: the wish, or, where a part is of use, what limit and month leave of it; 0 for nothing."""
    if case.whole:
        return case.amount_fen if case.amount_fen <= lines.available_fen else 0
    capacity = affordable(
        lines.monthly_capacity_fen, annual_rate, product.plan.paying_months(case.term_months), case.method
    )
    most = min(lines.available_fen, capacity)
    amount_fen = case.amount_fen if case.amount_fen <= most else most // product.step_fen * product.step_fen
    return amount_fen if amount_fen >= product.min_fen else 0


def plan_of(amount_fen: int, case: Case, product: ProductTerms, annual_rate: Decimal) -> Schedule:
    """The schedule on the product's options as if the money were paid on the day of the decision."""
    return schedule(
        product.plan.terms(
            principal_fen=amount_fen,
            annual_rate=annual_rate,
            method=case.method,
            term_months=case.term_months,
            start_on=case.decided_on,
        )
    )


def _too_dear(case: Case, rules: RuleSet) -> Reason:
    percent = f"{case.all_in_cap * 100:.2f}%"
    return reason("limit", rules.too_dear, case.features["own_exposure_fen"], cap=Text(percent, percent))
