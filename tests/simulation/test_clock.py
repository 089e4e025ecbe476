"""The clock of a test deployment: days are lived through on its way, vendors go along, it never goes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from dukou_partner import Client, DukouError
from dukou_partner.simulating import advance_clock, read_step
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel import clock, ids, test_clock
from app.simulation import domain, queries
from app.simulation.usecases import begin_advance, go_on
from config.settings import Settings, SettingsError
from tests.factories.partners import make_partner
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers
from tests.settings import make_settings
from tests.stack import Stack
from tests.story import Story

RUN_TWICE = {"simulation.advance": "test_two_looks_at_once_change_nothing"}


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_a_loan_falls_due_and_goes_overdue_on_the_way_and_vendors_go_along(moving: Stack, shop: Client) -> None:
    story = Story(moving)
    story.until_active()
    before = shop.get("/test/clock")
    days: list[str] = []
    advance_clock(shop, read_step("36d"), say=days.append)
    shown = shop.get("/test/clock")  # signed by a machine that knows nothing of the clock
    gone = at(shown["now"]) - at(before["now"])
    assert timedelta(days=36) <= gone < timedelta(days=36, minutes=10)
    assert shown["latest"]["days"] == shown["latest"]["days_done"] == 36 and days[-1].endswith("day 36 of 36")
    vendors = moving.sandbox.get("/sandbox/api/clock")
    assert vendors["ahead_s"] == shown["ahead_s"]
    assert abs(at(vendors["now"]) - at(shown["now"])) < timedelta(minutes=1)

    closed = moving.query("SELECT count(*) FROM business_days WHERE closed_at IS NOT NULL")
    assert closed[0][0] >= 36  # type: ignore[operator]
    story.token = ""
    story.sign_in_by_mini_program()  # the customer's session is over: 36 days went by
    loan = story.loan()
    assert loan["overdue_days"] > 3

    opened = story.open_repayment("instalment")
    story.pay(opened)
    story.wait_repayment(opened)
    paid_at = moving.query("SELECT max(paid_at) FROM payment_orders")[0][0]
    assert isinstance(paid_at, datetime) and abs(paid_at - at(shown["now"])) < timedelta(minutes=5)
    told = {event["type"] for event in shop.get("/events", limit=100)["items"]}
    assert "order.financed" in told
    moving.until(lambda: "repayment.succeeded" in {one["type"] for one in shop.get("/events")["items"]}, "it is told")
    assert moving.run("invariants")


def test_it_never_goes_back(moving: Stack, shop: Client) -> None:
    for body in ({"days": -1}, {"days": 0}, {"days": 401}):
        with pytest.raises(DukouError) as refused:
            shop.post("/test/clock/advances", body)
        assert refused.value.status in (400, 422)
    with psycopg.connect(moving.database_url) as app, pytest.raises(psycopg.errors.RaiseException):
        app.execute("UPDATE test_clock SET ahead_s = ahead_s - 1")


def test_what_waits_comes_nearer(moving: Stack, shop: Client) -> None:
    moving.change(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
        " VALUES ('nobody', 'test.wait', '{}', now() + interval '3 hours')"
    )
    advance_clock(shop, read_step("2h"), say=lambda _: None)
    left = "SELECT scheduled_at - now() FROM procrastinate_jobs WHERE task_name = 'test.wait'"
    assert moving.query(left)[0][0] < timedelta(hours=1)  # type: ignore[operator]


def test_two_looks_at_once_change_nothing(session: Session) -> None:
    """The job is `go_on` and telling the vendors an absolute time: what is there twice is one."""
    partner_id, advance_id = make_partner(session).partner_id, ids.new_id()
    begin_advance(session, advance_id=advance_id, partner_id=partner_id, actor="test", step=timedelta(days=1))
    with pytest.raises(domain.ClockMoving):
        begin_advance(session, advance_id=ids.new_id(), partner_id=partner_id, actor="x", step=timedelta(days=1))
    go_on(session, advance_id=advance_id, by_day=["a.job"])
    mine = {"partner_id": partner_id, "advance_id": advance_id}
    ahead, reached = test_clock.ahead(session), queries.advance(session, **mine).reached_at
    assert ahead > timedelta(0)
    go_on(session, advance_id=advance_id, by_day=["a.job"])  # the work of the stop waits: it stays
    assert (test_clock.ahead(session), queries.advance(session, **mine).reached_at) == (ahead, reached)
    with pytest.raises(domain.AdvanceUnknown):
        queries.advance(session, partner_id=make_partner(session).partner_id, advance_id=advance_id)
    looks = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'simulation.advance' AND status = 'todo'")
    assert session.scalar(looks) == 1


def test_steps_are_read() -> None:
    assert read_step("1d6h") == {"days": 1, "hours": 6}
    for wrong in ("", "d", "-3d", "30", "1w", "3h1d"):
        with pytest.raises(ValueError, match="no step"):
            read_step(wrong)


def test_it_stops_at_night_and_by_day() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=clock.CHINA)
    night = domain.next_stop(noon, noon + timedelta(days=9))
    assert night == datetime(2026, 11, 25, 0, 31, tzinfo=clock.CHINA) and domain.is_night(night)
    day = domain.next_stop(night, noon + timedelta(days=9))
    assert day == datetime(2026, 11, 25, 10, 31, tzinfo=clock.CHINA) and not domain.is_night(day)
    assert domain.next_stop(day, day + timedelta(hours=1)) == (day + timedelta(hours=1)).astimezone(UTC)


def test_production_refuses_the_switch_and_has_no_such_route(
    sandbox: SandboxProcess, database_url: str, servers: TestServers
) -> None:
    from app import create_app

    with pytest.raises(SettingsError, match="DUKOU_TEST_CLOCK"):
        Settings.from_env({"DUKOU_ENV": "production", "DUKOU_TEST_CLOCK": "on"} | NEEDED)
    live = create_app(make_settings(database_url, servers.valkey_url, sandbox, environment="production"))
    assert not [rule for rule in live.url_map.iter_rules() if "/test/clock" in rule.rule]
    test = create_app(make_settings(database_url, servers.valkey_url, sandbox))
    assert [rule for rule in test.url_map.iter_rules() if "/test/clock" in rule.rule]


NEEDED = {"DATABASE_URL": "x", "REDIS_URL": "x", "DUKOU_PUBLIC_URL": "x", "DUKOU_EMBED_URL": "x"}
