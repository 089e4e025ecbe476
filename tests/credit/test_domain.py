"""Decisions as a pure function: every persona's outcome, each rule by itself, and what holds for any figures."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.credit.domain.cases import Case, Outcome, canonical
from app.credit.domain.collecting import Known, collect, variation_bps, whole_months
from app.credit.domain.decisions import decide
from app.credit.domain.features import DEFINITIONS, Feature, Text, in_words
from app.credit.domain.limits import LimitRules, affordable, limit
from app.credit.domain.prices import PriceRules, price
from app.credit.domain.products import ProductMalformed, ProductTerms
from app.credit.domain.reasons import reason
from app.credit.domain.rules import RuleSet, RuleSetMalformed
from app.engine.schedules import schedule
from app.engine.terms import Method, Terms
from sandbox.persona_profiles import PROFILES, build

SEEDS = Path(__file__).parents[2] / "migrations" / "seeds"
BODY = json.loads((SEEDS / "rule_set_2026_11.json").read_text(encoding="utf-8"))
RULES = RuleSet.parse(BODY)
PRODUCT_BODY = json.loads((SEEDS / "product_order_instalments_2026_1.json").read_text(encoding="utf-8"))
PRODUCT = ProductTerms.parse("order_instalments", "2026.1", PRODUCT_BODY)
TODAY = date(2026, 11, 23)
CART_FEN = 1_299_900
PERSONAS = {profile.code: build(profile, number, TODAY) for number, profile in enumerate(PROFILES, start=1)}


def features_of(persona: dict[str, Any]) -> dict[str, Feature]:
    reported_at = "2026-11-23T02:00:00+00:00"
    reports = {
        "registry": persona["enterprise"],
        "bureau": {**persona["bureau"], "reported_at": reported_at},
        "tax": {**persona["tax"], "reported_at": reported_at},
    }
    return collect(reports, Known(persona["person"]["name"], persona["person"]["id_no"], 0, 0), TODAY)


def case_of(persona: dict[str, Any], **changes: Any) -> Case:
    case = Case(
        amount_fen=CART_FEN,
        term_months=12,
        method="equal_instalment",
        whole=True,
        features=features_of(persona),
        lpr_1y=Decimal("0.03"),
        all_in_cap=Decimal("0.24"),
        decided_on=TODAY,
    )
    return replace(case, **changes)


def decided(persona: dict[str, Any], **changes: Any) -> Outcome:
    return decide(case_of(persona, **changes), RULES, PRODUCT)


def with_value(name: str, value: Any, **changes: Any) -> Outcome:
    """The good persona with one figure replaced."""
    case = case_of(PERSONAS["good"], **changes)
    feature = replace(case.features[name], value=value, missing=None if value is not None else "no_record")
    return decide(replace(case, features={**case.features, name: feature}), RULES, PRODUCT)


@pytest.mark.parametrize(
    ("code", "first_reason"),
    [
        ("good", None),
        ("thin_file", None),
        ("overdue_elsewhere", "K06"),
        ("court_listed", "K04"),
        ("young_business", "K02"),
        ("tax_grade_d", "K11"),
        ("many_queries", "K12"),
        ("low_invoices", "Q01"),
        ("revoked_licence", "K01"),
        ("name_mismatch", "K09"),
        ("high_debt", "Q02"),
    ],
)
def test_every_persona_gets_its_own_answer(code: str, first_reason: str | None) -> None:
    outcome = decided(PERSONAS[code])
    assert [reason.code for reason in outcome.reasons][:1] == ([first_reason] if first_reason else [])
    assert outcome.approved == (first_reason is None)
    assert outcome.amount_fen == (CART_FEN if outcome.approved else 0)


def test_a_thin_file_gets_a_lower_limit_at_a_higher_price() -> None:
    good, thin = decided(PERSONAS["good"]), decided(PERSONAS["thin_file"])
    assert thin.limit.total_fen == 5_000_000 < good.limit.total_fen
    assert thin.price.annual_rate > good.price.annual_rate == Decimal("0.0600")


@pytest.mark.parametrize(
    ("feature", "value", "code"),
    [
        ("enterprise_status", "deregistered", "K01"),
        ("enterprise_status", "unknown", "K01"),
        ("business_age_months", 11, "K02"),
        ("industry_code", "7010", "K03"),
        ("court_listed", True, "K04"),
        ("sanctioned", True, "K05"),
        ("current_overdue_fen", 1, "K06"),
        ("region_code", "440300", "K07"),
        ("legal_rep_age", 17, "K08"),
        ("legal_rep_age", 66, "K08"),
        ("legal_rep_matches", False, "K09"),
        ("person_known", False, "K09"),
        ("tax_grade", "D", "K11"),
        ("queries_3m", 11, "K12"),
    ],
)
def test_each_knockout_fires_by_itself_and_explains_itself(feature: str, value: Any, code: str) -> None:
    outcome = with_value(feature, value)
    reason = outcome.reasons[0]
    assert (outcome.approved, reason.code) == (False, code)
    for text in (reason.text, reason.requirement, reason.remedy):
        assert text.zh and text.en and "{" not in text.zh + text.en


@pytest.mark.parametrize(
    ("feature", "value"), [("business_age_months", 12), ("legal_rep_age", 65), ("queries_3m", 10), ("sanctioned", None)]
)
def test_the_edge_of_a_knockout_passes_and_a_missing_value_does_not_fire(feature: str, value: Any) -> None:
    assert with_value(feature, value).approved


def test_a_list_hit_does_not_tell_what_was_looked_at() -> None:
    reason = with_value("sanctioned", True).reasons[0]
    assert reason.evidence is None
    assert "名单" not in reason.text.zh


def test_scores_below_the_cut_off_are_declined_with_the_four_weakest_lines() -> None:
    figures = {
        "business_age_months": 13, "invoice_gap_months_12m": 6, "red_share_bps": 2000, "card_use_bps": 9500,
        "overdue_count_24m": 4, "zero_return_months_12m": 5,
    }  # fmt: skip
    case = case_of(PERSONAS["good"])
    changed = {name: replace(case.features[name], value=value) for name, value in figures.items()}
    outcome = decide(replace(case, features={**case.features, **changed}), RULES, PRODUCT)
    assert outcome.score < RULES.scorecard.cut_off
    codes = [reason.code for reason in outcome.reasons if reason.kind == "score"]
    assert codes == ["R10", "R03", "R01", "R08"]
    losses = {line["feature"]: line["best_points"] - line["points"] for line in outcome.score_lines}
    assert losses["overdue_count_24m"] == max(losses.values())


@pytest.mark.parametrize(("feature", "missing"), [("card_use_bps", "no_card"), ("zero_return_months_12m", "no_record")])
def test_a_reason_about_a_figure_without_value_is_a_sentence(feature: str, missing: str) -> None:
    case = case_of(PERSONAS["good"])
    gone = replace(case.features[feature], value=None, missing=missing)
    [line] = [one for one in RULES.scorecard.characteristics if one.feature == feature]
    told = reason("score", line.wording, gone)
    why = {"no_card": Text("没有信用卡", "no credit card"), "no_record": Text("没有记录", "no record")}[missing]
    label = DEFINITIONS[feature].label
    assert told.text == Text(f"{label.zh}：{why.zh}", f"{label.en}: {why.en}")
    assert told.as_json()["evidence"]["value"] == why.as_json()
    assert told.remedy != line.wording.remedy and "记录" in told.remedy.zh
    assert in_words(case.features["court_listed"]) == Text("没有", "none")


def test_one_changed_invoice_changes_the_limit() -> None:
    good = PERSONAS["good"]
    invoices = [dict(one) for one in good["tax"]["invoices"]]
    invoices[0]["amount_fen"] += 50_000_000
    changed = {**good, "tax": {**good["tax"], "invoices": invoices}}
    assert decided(changed).limit.total_fen > decided(good).limit.total_fen


def test_a_wish_that_may_be_cut_is_cut_to_the_limit_and_an_order_is_not() -> None:
    wish = 10_000_000
    part = decided(PERSONAS["thin_file"], amount_fen=wish, whole=False)
    whole = decided(PERSONAS["thin_file"], amount_fen=wish, whole=True)
    assert (part.approved, part.amount_fen) == (True, 5_000_000)
    assert (whole.approved, whole.reasons[0].code) == (False, "Q01")


def test_what_is_in_use_here_is_taken_off_and_said_so() -> None:
    outcome = with_value("own_exposure_fen", 20_000_000)
    assert outcome.limit.available_fen == outcome.limit.total_fen - 20_000_000
    assert (outcome.approved, outcome.reasons[0].code) == (False, "Q03")


def test_a_price_above_the_all_in_cap_is_refused() -> None:
    outcome = decided(PERSONAS["good"], all_in_cap=Decimal("0.05"))
    assert "Q04" in [reason.code for reason in outcome.reasons]


def test_the_domain_example_of_a_limit() -> None:
    """360,000 / 240,000 / 270,000, the largest × 0.8 − 50,000 in use = 238,000 yuan."""
    raw = json.loads(json.dumps(BODY["limit"]))
    raw.update(combine="max", other_debt_bps=0, thin_file_cap_fen=10**12)
    multiples = {"tax_paid_yearly_fen": 60_000, "invoiced_12m_fen": 800, "monthly_inflow_fen": 15_000}
    raw["parts"] = [{"feature": name, "multiple_bps": bps} for name, bps in multiples.items()]
    values = {
        "tax_paid_yearly_fen": 6_000_000, "invoiced_12m_fen": 300_000_000, "monthly_inflow_fen": 18_000_000,
        "monthly_debt_service_fen": 0, "other_debt_fen": 0, "own_exposure_fen": 5_000_000,
    }  # fmt: skip
    features = {name: Feature(name, value, "bank", "2026-11-23") for name, value in values.items()}
    features["credit_file"] = Feature("credit_file", "full", "bureau", "2026-11-23")
    raw["afford"] = {"margin_bps": 10_000, "pay_share_bps": 10_000}
    found = limit(
        LimitRules.parse(raw),
        features,
        factor_bps=8_000,
        annual_rate=Decimal("0.05"),
        longest_term_months=12,
        product_cap_fen=100_000_000,
    )
    assert (found.total_fen, found.available_fen) == (28_800_000, 23_800_000)


def test_the_domain_example_of_a_price_and_its_clamps() -> None:
    """3.00 + 0.50 + 0.90 + 0.60 = 5.00 %."""
    rules = PriceRules({12: 60}, 20)
    asked: dict[str, Any] = {"lpr": Decimal("0.03"), "spread_bps": 50, "grade_bps": 90, "term_months": 12}
    assert price(rules, **asked, floor_bps=300, cap_bps=900, returning=False).annual_rate == Decimal("0.0500")
    assert price(rules, **asked, floor_bps=300, cap_bps=900, returning=True).annual_rate == Decimal("0.0480")
    assert price(rules, **asked, floor_bps=600, cap_bps=900, returning=False).annual_rate == Decimal("0.0600")
    assert price(rules, **asked, floor_bps=300, cap_bps=450, returning=False).annual_rate == Decimal("0.0450")


@given(
    capacity_fen=st.integers(1_000, 10**8),
    rate_bps=st.integers(0, 2400),
    term=st.sampled_from([3, 6, 12]),
    method=st.sampled_from(["equal_instalment", "equal_principal"]),
)
def test_what_is_affordable_never_asks_for_more_than_the_capacity(
    capacity_fen: int, rate_bps: int, term: int, method: str
) -> None:
    rate = Decimal(rate_bps) / 10_000
    principal = affordable(capacity_fen, rate, term, method)
    plan = schedule(Terms(principal, rate, Method(method), term, TODAY))
    assert max(p + i for p, i in zip(plan.principals_fen, plan.interests_fen, strict=True)) <= capacity_fen + term
    more = schedule(Terms(principal + term + 2, rate, Method(method), term, TODAY))
    assert max(p + i for p, i in zip(more.principals_fen, more.interests_fen, strict=True)) >= capacity_fen - term


@given(
    st.fixed_dictionaries(
        {
            "business_age_months": st.integers(0, 600),
            "queries_3m": st.integers(0, 40),
            "card_use_bps": st.none() | st.integers(0, 20_000),
            "overdue_count_24m": st.none() | st.integers(0, 24),
            "tax_grade": st.none() | st.sampled_from(["A", "B", "M", "C", "D"]),
            "monthly_inflow_fen": st.integers(0, 10**10),
            "monthly_debt_service_fen": st.integers(0, 10**9),
            "other_debt_fen": st.integers(0, 10**11),
            "invoiced_12m_fen": st.integers(0, 10**12),
            "tax_paid_yearly_fen": st.none() | st.integers(0, 10**10),
            "own_exposure_fen": st.integers(0, 10**9),
        }
    ),
    st.booleans(),
)
def test_whatever_the_figures_a_decision_is_stable_bounded_and_explained(figures: dict[str, Any], whole: bool) -> None:
    case = case_of(PERSONAS["good"], whole=whole)
    changed = {name: replace(case.features[name], value=value) for name, value in figures.items()}
    case = replace(case, features={**case.features, **changed})
    outcome = decide(case, RULES, PRODUCT)
    again = decide(Case.read(json.loads(json.dumps(case.as_json()))), RULES, PRODUCT)
    assert canonical(outcome.as_json()) == canonical(again.as_json())
    assert outcome.approved == (not outcome.reasons)
    assert 0 <= outcome.amount_fen <= min(CART_FEN, outcome.limit.available_fen, PRODUCT.max_fen)
    assert PRODUCT.min_fen <= outcome.amount_fen or not outcome.approved
    assert outcome.all_in_annual_rate <= case.all_in_cap or not outcome.approved


def test_every_feature_is_defined_and_a_source_without_a_record_leaves_reasons() -> None:
    known = Known("测试林", "110101198001010015", 0, 0)
    features = collect({"registry": None, "bureau": None, "tax": None}, known, TODAY)
    assert features.keys() == DEFINITIONS.keys()
    assert all(feature.missing for feature in features.values() if feature.value is None)
    outcome = decide(replace(case_of(PERSONAS["good"]), features=features), RULES, PRODUCT)
    assert [reason.code for reason in outcome.reasons][:2] == ["K01", "K09"]


def test_points_must_follow_from_their_woe() -> None:
    body = json.loads(json.dumps(BODY))
    body["scorecard"]["characteristics"][0]["bins"][0]["points"] += 1
    with pytest.raises(RuleSetMalformed, match="business_age_months:<24"):
        RuleSet.parse(body)


@pytest.mark.parametrize("damage", ["knockouts", "grades", "price"])
def test_a_rule_set_with_a_part_missing_is_refused(damage: str) -> None:
    with pytest.raises(RuleSetMalformed):
        RuleSet.parse({name: part for name, part in BODY.items() if name != damage})


def test_a_product_with_a_fee_is_refused() -> None:
    with pytest.raises(ProductMalformed, match="commitment"):
        ProductTerms.parse("x", "1", {**PRODUCT_BODY, "fees": [{"kind": "commitment", "amount_fen": 1}]})


def test_months_and_volatility_are_counted_exactly() -> None:
    assert whole_months(date(2025, 11, 24), TODAY) == 11
    assert whole_months(date(2025, 11, 23), TODAY) == 12
    assert variation_bps([100, 100, 100]) == 0
    assert variation_bps([50, 150]) == 5000
