"""How much is out in all: counted by customer, partner, product and region, and never beyond a limit in any race."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.credit import queries, usecases
from app.credit.domain.lines import ExposureLimitReached
from app.credit.models import ExposureCounter
from app.credit.queries import ApplicationView
from app.kernel import clock
from tests.credit.test_lines import at_once, balanced, make_line
from tests.factories import credit
from tests.factories import partners as partner_factory


def held(session: Session) -> dict[str, int]:
    """By kind; the tests have one key a kind, but for customers."""
    found: dict[str, int] = {}
    for row in session.scalars(select(ExposureCounter)):
        found[row.kind] = found.get(row.kind, 0) + row.held_fen
    return found


def limit(session: Session, kind: str, key: str, limit_fen: int) -> None:
    usecases.set_exposure_limit(
        session, kind=kind, key=key, limit_fen=limit_fen, effective_from=clock.today(), source="test"
    )
    session.commit()


def of_partner(session: Session) -> ApplicationView:
    partner_id = partner_factory.make_partner(session).partner_id
    return credit.approved_application(session, credit.make_applicant(session), partner_id=partner_id)


def test_a_draw_counts_everywhere_until_it_is_repaid(session: Session) -> None:
    made = of_partner(session)
    line_id: Any = made.credit_line_id
    of = {"line_id": line_id, "application_id": made.application_id}
    usecases.reserve(session, amount_fen=1_000, **of)
    assert held(session) == {"customer": 1_000, "partner": 1_000, "product": 1_000, "region": 1_000}
    usecases.use_reserved(session, amount_fen=600, **of)
    usecases.release_reserved(session, amount_fen=400, **of)
    assert set(held(session).values()) == {600}
    usecases.repay_line(session, principal_fen=600, **of)
    assert set(held(session).values()) == {0}
    assert balanced(session)


def test_a_key_s_own_limit_goes_before_that_of_any_key(session: Session) -> None:
    line_id, _ = make_line(session)
    limit(session, "product", "*", 0)
    with pytest.raises(ExposureLimitReached) as refused, session.begin_nested():
        usecases.reserve(session, line_id=line_id, amount_fen=100)
    assert refused.value.context == {"kind": "product"}
    assert held(session) == {} or set(held(session).values()) == {0}
    limit(session, "product", credit.PRODUCT, 100)
    usecases.reserve(session, line_id=line_id, amount_fen=100)
    (shown,) = queries.exposures(session, on=clock.today(), kind="product")
    assert (shown.held_fen, shown.limit_fen) == (100, 100)


def test_a_counter_that_lies_breaks_an_invariant(session: Session) -> None:
    line_id, _ = make_line(session)
    usecases.reserve(session, line_id=line_id, amount_fen=100)
    assert balanced(session)
    session.scalars(select(ExposureCounter).where(ExposureCounter.kind == "region")).one().held_fen += 1
    session.flush()
    assert not balanced(session)


@pytest.mark.parametrize("kind", ["product", "region", "partner", "customer"])
def test_many_draws_at_once_never_pass_a_limit(committed: sessionmaker[Session], kind: str) -> None:
    """Twelve parallel transactions, four businesses where the kind spans several, room for exactly five draws."""
    with committed() as session:
        made = [of_partner(session)]
        if kind != "customer":
            applicants = [credit.make_applicant(session) for _ in range(3)]
            same = {"partner_id": made[0].partner_id}
            made += [credit.approved_application(session, one, **same) for one in applicants]
        limit(session, kind, "*", 5_000)
    outcomes: list[str] = []

    def draw(place: int) -> None:
        mine_of = made[place % len(made)]
        line_id: Any = mine_of.credit_line_id
        try:
            with committed() as mine, mine.begin():
                usecases.reserve(mine, line_id=line_id, amount_fen=1_000, application_id=mine_of.application_id)
            outcomes.append("drawn")
        except ExposureLimitReached as refused:
            outcomes.append(refused.context["kind"])

    at_once(12, draw)
    assert sorted(outcomes) == sorted(["drawn"] * 5 + [kind] * 7)
    with committed() as session:
        assert held(session)[kind] == 5_000
        assert balanced(session)
