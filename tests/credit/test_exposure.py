"""How much is out in all: counted by customer, partner, product and region, and never beyond a limit in any race."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.credit import queries, usecases
from app.credit.domain.lines import ExposureLimitReached
from app.credit.jobs import count_returns
from app.credit.models import Application, ExposureCounter, ExposureReturn
from app.credit.queries import ApplicationView
from app.credit.usecases.exposure import KINDS
from app.kernel import clock, ids
from tests.credit.test_lines import at_once, balanced, make_line
from tests.factories import credit
from tests.factories import partners as partner_factory

RUN_TWICE = {"credit.count_returns"}  # called twice below: the worker calls it by the clock


def held(session: Session) -> dict[str, int]:
    """What is out by kind, as staff see it; the tests have one key a kind, but for customers."""
    found = {kind: queries.exposures(session, on=clock.today(), kind=kind) for kind in KINDS}
    return {kind: sum(row.held_fen for row in rows) for kind, rows in found.items() if rows}


def counted(session: Session) -> dict[str, int]:
    """What the counters themselves say, by kind."""
    return {row.kind: row.held_fen for row in session.scalars(select(ExposureCounter))}


def limit(session: Session, kind: str, key: str, limit_fen: int) -> None:
    usecases.set_exposure_limit(
        session, kind=kind, key=key, limit_fen=limit_fen, effective_from=clock.today(), source="test"
    )
    session.commit()


def of_partner(session: Session) -> ApplicationView:
    through = {"partner_id": partner_factory.make_partner(session).partner_id, "merchant_id": ids.new_id()}
    return credit.approved_application(session, credit.make_applicant(session), **through)


def merchant_of(session: Session, made: ApplicationView) -> Any:
    return session.get_one(Application, made.application_id).merchant_id


def test_a_draw_counts_everywhere_until_it_is_repaid(session: Session) -> None:
    made = of_partner(session)
    line_id: Any = made.credit_line_id
    of = {"line_id": line_id, "application_id": made.application_id}
    usecases.reserve(session, amount_fen=1_000, **of)
    assert held(session) == dict.fromkeys(KINDS, 1_000)
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


def test_what_was_given_back_is_counted_once_by_whoever_comes_first(session: Session) -> None:
    made = of_partner(session)
    of: Any = {"line_id": made.credit_line_id, "application_id": made.application_id}
    usecases.reserve(session, amount_fen=1_000, **of)
    usecases.release_reserved(session, amount_fen=400, **of)
    assert counted(session) == dict.fromkeys(KINDS, 1_000) | {"customer": 600}
    assert balanced(session)
    session.commit()
    for _ in range(2):
        count_returns()
        session.rollback()
        assert set(counted(session).values()) == {600} == set(held(session).values())
        assert session.scalar(select(func.count()).select_from(ExposureReturn)) == 0
    assert balanced(session)


def test_a_draw_finds_the_room_that_was_given_back(session: Session) -> None:
    made = of_partner(session)
    of: Any = {"line_id": made.credit_line_id, "application_id": made.application_id}
    for kind in KINDS:
        limit(session, kind, "*", 1_000)
    usecases.reserve(session, amount_fen=1_000, **of)
    usecases.release_reserved(session, amount_fen=300, **of)
    with pytest.raises(ExposureLimitReached), session.begin_nested():
        usecases.reserve(session, amount_fen=301, **of)
    usecases.reserve(session, amount_fen=300, **of)
    assert set(counted(session).values()) == {1_000} == set(held(session).values())
    assert balanced(session)


def test_giving_back_waits_for_no_counter_that_others_share(committed: sessionmaker[Session]) -> None:
    """Two businesses of one partner, product and region; and a draw that holds those counters meanwhile."""
    with committed() as session:
        first = of_partner(session)
        same: Any = {"partner_id": first.partner_id, "merchant_id": merchant_of(session, first)}
        others = [credit.approved_application(session, credit.make_applicant(session), **same) for _ in range(2)]
        lines: list[Any] = [{"line_id": m.credit_line_id, "application_id": m.application_id} for m in (first, *others)]
        for of in lines:
            usecases.reserve(session, amount_fen=1_000, **of)
            usecases.use_reserved(session, amount_fen=1_000, **of)
        session.commit()
    with committed() as drawing, committed() as one, committed() as other:
        usecases.reserve(drawing, amount_fen=1, **lines[0])
        for mine, of in ((one, lines[1]), (other, lines[2])):
            mine.execute(text("SET LOCAL lock_timeout = '1s'"))
            usecases.repay_line(mine, principal_fen=500, **of)
        for mine in (other, one, drawing):
            mine.commit()
    count_returns()
    with committed() as session:
        assert set(held(session).values()) == {2_001}
        assert balanced(session)


def test_draws_and_repayments_at_once_neither_pass_a_limit_nor_lose_a_fen(committed: sessionmaker[Session]) -> None:
    """Room for five; twelve draw, repay and draw again while the counting runs."""
    with committed() as session:
        first = of_partner(session)
        others = [
            credit.approved_application(session, credit.make_applicant(session), partner_id=first.partner_id)
            for _ in range(3)
        ]
        limit(session, "product", "*", 5_000)
    beyond: list[int] = []

    def live(place: int) -> None:
        if place == 11:
            count_returns()
            return
        made = (first, *others)[place % 4]
        of: Any = {"line_id": made.credit_line_id, "application_id": made.application_id}
        for _ in range(3):
            try:
                with committed() as mine, mine.begin():
                    usecases.reserve(mine, amount_fen=1_000, **of)
                    usecases.use_reserved(mine, amount_fen=1_000, **of)
            except ExposureLimitReached:
                continue
            with committed() as mine, mine.begin():
                beyond.extend([fen for fen in held(mine).values() if fen > 5_000])
                usecases.repay_line(mine, principal_fen=1_000, **of)

    at_once(12, live)
    count_returns()
    with committed() as session:
        assert beyond == []
        assert set(held(session).values()) == {0} == set(counted(session).values())
        assert balanced(session)


@pytest.mark.parametrize("kind", ["product", "region", "partner", "merchant", "partner_day", "customer"])
def test_many_draws_at_once_never_pass_a_limit(committed: sessionmaker[Session], kind: str) -> None:
    """Twelve parallel transactions, four businesses where the kind spans several, room for exactly five draws."""
    with committed() as session:
        made = [of_partner(session)]
        if kind != "customer":
            applicants = [credit.make_applicant(session) for _ in range(3)]
            same = {"partner_id": made[0].partner_id, "merchant_id": merchant_of(session, made[0])}
            made += [credit.approved_application(session, one, **same) for one in applicants]
        limit(session, kind, str(made[0].partner_id) if kind in ("merchant", "partner_day") else "*", 5_000)
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
        assert held(session)["partner" if kind == "partner_day" else kind] == 5_000
        assert balanced(session)


def test_nobody_is_led_through_an_application_that_a_partners_limits_do_not_hold(session: Session) -> None:
    made = of_partner(session)
    of: Any = {"partner_id": made.partner_id, "merchant_id": merchant_of(session, made)}
    usecases.reserve(session, line_id=made.credit_line_id, amount_fen=400, application_id=made.application_id)  # type: ignore[arg-type]
    for kind, limit_fen in (("partner_day", 1_000), ("merchant", 900), ("partner", 800)):
        limit(session, kind, str(made.partner_id), limit_fen)
        usecases.check_room(session, amount_fen=limit_fen - 400, **of)
        with pytest.raises(ExposureLimitReached) as refused:
            usecases.check_room(session, amount_fen=limit_fen - 399, **of)
        assert refused.value.context == {"kind": kind}
    limit(session, "partner", str(made.partner_id), 400)  # the same day again: the last one counts
    with pytest.raises(ExposureLimitReached):
        usecases.check_room(session, amount_fen=1, **of)
