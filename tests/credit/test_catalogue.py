"""Products and rules change by two people, after a look at the past, and promise nothing that may not be promised."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import migrations
from app.credit import queries, usecases
from app.credit.domain import proposals as domain
from app.credit.domain.copy_linter import ForbiddenPromise, lint
from app.credit.domain.products import ProductMalformed
from app.credit.models import CatalogueProposal, ProductVersion, RuleSetVersion
from app.kernel import clock, ids
from tests.factories import credit

SHEN, LIN = "staff:shen", "staff:lin"
SEEDS = Path(migrations.__file__).parent / "seeds"


def rules_body(session: Session) -> dict[str, Any]:
    return dict(session.scalars(select(RuleSetVersion).order_by(RuleSetVersion.effective_from)).all()[0].body)


def product_body() -> dict[str, Any]:
    return dict(json.loads((SEEDS / "product_order_instalments_2026_1.json").read_text()))


def stricter(session: Session, cut_off: int = 900) -> dict[str, Any]:
    body = rules_body(session)
    return {**body, "scorecard": {**body["scorecard"], "cut_off": cut_off}}


def propose(session: Session, **changes: Any) -> Any:
    asked: dict[str, Any] = {
        "kind": "rules",
        "product_code": credit.PRODUCT,
        "version": "R-next",
        "body": stricter(session),
        "effective_from": clock.today(),
        "source": "test",
        "proposed_by": SHEN,
    }
    return usecases.propose(session, **{**asked, **changes})


def test_a_version_needs_a_look_at_the_past_and_a_second_person(session: Session) -> None:
    approved = credit.approved_application(session, credit.make_applicant(session))
    credit.decide(session, credit.open_application(session, credit.make_applicant(session)), court_listed=True)
    proposal_id = propose(session)
    with pytest.raises(domain.OwnProposal):
        usecases.approve(session, proposal_id=proposal_id, decided_by=SHEN, note="")
    with pytest.raises(domain.WhatIfMissing):
        usecases.approve(session, proposal_id=proposal_id, decided_by=LIN, note="")
    counts = usecases.try_on_the_past(session, proposal_id=proposal_id)
    assert counts["decisions"] == 2 and counts["newly_declined"] == 1 and counts["newly_approved"] == 0
    assert (counts["approved_before"], counts["approved_after"]) == (1, 0)
    assert counts["amount_before_fen"] == approved.approved_fen
    usecases.approve(session, proposal_id=proposal_id, decided_by=LIN, note="stricter on purpose")
    assert queries.rule_set(session, credit.PRODUCT, on=clock.today()).version == "R-next"
    shown = queries.proposal(session, proposal_id)
    assert (shown.status, shown.decided_by, shown.what_if) == ("approved", LIN, counts)
    assert [one.proposal_id for one in queries.proposals(session, status="approved")] == [proposal_id]


def test_the_same_rules_change_nothing_of_the_past(session: Session) -> None:
    credit.approved_application(session, credit.make_applicant(session))
    proposal_id = propose(session, body=rules_body(session))
    counts = usecases.try_on_the_past(session, proposal_id=proposal_id)
    assert counts["unchanged"] == counts["decisions"] == 1


def test_a_product_s_new_terms_are_tried_where_they_apply(session: Session) -> None:
    credit.approved_application(session, credit.make_applicant(session))
    credit.approved_application(session, credit.make_applicant(session), term_months=3)
    body = {**product_body(), "terms_months": [6, 12], "price": {**product_body()["price"], "spread_bps": 250}}
    proposal_id = propose(session, kind="product", version="2027.1", body=body)
    counts = usecases.try_on_the_past(session, proposal_id=proposal_id)
    assert (counts["decisions"], counts["not_applicable"], counts["rate_changed"]) == (2, 1, 1)
    usecases.approve(session, proposal_id=proposal_id, decided_by=LIN, note="")
    assert queries.product(session, credit.PRODUCT, on=clock.today()).terms.spread_bps == 250


def test_a_version_holds_from_its_day_on(session: Session, clock_at: Callable[[datetime], None]) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    proposal_id = propose(session, effective_from=tomorrow)
    usecases.try_on_the_past(session, proposal_id=proposal_id)
    usecases.approve(session, proposal_id=proposal_id, decided_by=LIN, note="")
    assert queries.rule_set(session, credit.PRODUCT, on=clock.today()).version != "R-next"
    assert queries.rule_set(session, credit.PRODUCT, on=tomorrow).version == "R-next"
    late = propose(session, version="R-late", effective_from=tomorrow)
    clock_at(clock.now() + timedelta(days=3))
    usecases.try_on_the_past(session, proposal_id=late)
    with pytest.raises(domain.DayOver):
        usecases.approve(session, proposal_id=late, decided_by=LIN, note="")


def test_the_database_asks_for_two_people_whatever_the_program_does(session: Session) -> None:
    row = session.get_one(CatalogueProposal, propose(session))
    with pytest.raises(IntegrityError, match="four_eyes"), session.begin_nested():
        row.status, row.decided_by = "approved", SHEN
        session.flush()
    session.refresh(row)
    version = {"code": credit.PRODUCT, "version": "x", "body": product_body(), "effective_from": clock.today()}
    with pytest.raises(IntegrityError, match="another person"), session.begin_nested():
        session.add(ProductVersion(id=ids.new_id(), source="test", **version))
        session.flush()
    usecases.try_on_the_past(session, proposal_id=row.id)
    usecases.approve(session, proposal_id=row.id, decided_by=LIN, note="")
    changed = {"product_code": credit.PRODUCT, "version": "R-next", "body": rules_body(session), "source": "test"}
    with pytest.raises(IntegrityError, match="another person"), session.begin_nested():
        session.add(
            RuleSetVersion(id=ids.new_id(), effective_from=clock.today(), proposal_id=row.id, **changed)
        )  # another body than the approved one
        session.flush()


def test_a_version_is_proposed_once_and_again_after_it_was_rejected(session: Session) -> None:
    proposal_id = propose(session)
    with pytest.raises(domain.ProposalExists):
        propose(session)
    with pytest.raises(domain.OwnProposal):
        usecases.reject(session, proposal_id=proposal_id, decided_by=SHEN, note="")
    usecases.reject(session, proposal_id=proposal_id, decided_by=LIN, note="too strict")
    assert propose(session)
    with pytest.raises(ProductMalformed):
        propose(session, kind="product", version="2027.2", body={**product_body(), "amount": {}})


@pytest.mark.parametrize(
    "words",
    ["低 门 槛，秒到账", "Ｒｉｓｋ-Free money", "guaranteed approval!", "免\u200b息三个月", "全网最低", "不看征信"],
)
def test_forbidden_promises_are_found_however_they_are_written(session: Session, words: str) -> None:
    body = {**product_body(), "summary": {"zh": words, "en": "x"}}
    assert [one.where for one in lint(body)][:1] == ["summary.zh"]
    with pytest.raises(ForbiddenPromise):
        propose(session, kind="product", version="2027.3", body=body)


def test_what_we_say_ourselves_keeps_to_the_linter() -> None:
    for path in SEEDS.glob("*.json"):
        assert lint(json.loads(path.read_text())) == [], path.name


def test_a_challenger_decides_on_its_share_and_always_on_the_same_ones(session: Session) -> None:
    with pytest.raises(domain.ShareTooLarge):
        propose(session, share_bps=5_001)
    with pytest.raises(domain.ShareTooLarge):
        propose(session, kind="product", version="2027.4", body=product_body(), share_bps=100)
    credit.publish(session, kind="rules", version="R-challenger", body=stricter(session), share_bps=3_000)
    businesses = [ids.new_id() for _ in range(600)]
    on = clock.today()

    def arms() -> list[str]:
        found = (queries.rules_for(session, credit.PRODUCT, on=on, enterprise_id=one) for one in businesses)
        return [one.version for one in found]

    first = arms()
    assert first == arms()
    assert 120 < first.count("R-challenger") < 240  # 180 expected; four standard deviations are 45
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    decision = queries.decision(session, made.application_id)
    assert applicant.enterprise_id is not None and decision is not None
    wanted = queries.rules_for(session, credit.PRODUCT, on=on, enterprise_id=applicant.enterprise_id).version
    assert decision.rule_version == wanted
    assert usecases.recompute(session, decision.decision_id)
    sides = queries.arms(session, credit.PRODUCT, since=clock.now() - timedelta(days=1))
    assert [(one.rule_version, one.approved + one.declined) for one in sides] == [(wanted, 1)]
    usecases.end_challenger(session, version="R-challenger", on=on, actor=SHEN)
    assert set(arms()) == {"R-2026.11"}
    assert queries.offers(session, on=on)[0].lowest_rate == "0.0510"  # what everybody sees is the champion's


def test_shares_stand_side_by_side() -> None:
    shares = [1_000, 500]
    found = [domain.challenger_at(place, shares) for place in (0, 999, 1_000, 1_499, 1_500, 9_999)]
    assert found == [0, 0, 1, 1, None, None]
