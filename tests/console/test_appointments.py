"""Appointments: made on the customer's page, told by message once, called off, quiet at night."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app.kernel import clock
from app.kernel.clock import CHINA
from app.messages.models import Appointment, Message
from tests.factories import customers
from tests.factories.console import form_mark, signed_in

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
AT = "2026-11-26T10:30"


@pytest.fixture
def reader(session, clock_at):
    clock_at(NOON)
    made = customers.make_customer(session)
    session.commit()
    return made


@pytest.fixture
def lin(client, session, reader):
    """A browser of operations."""
    signed_in(client, session, roles=["operations"])
    return client


def make(browser, reader, at=AT, place="总行营业部 2 号窗口"):
    page = f"/console/customers/{reader.id}"
    asked = {"form_mark": form_mark(browser.get(page)), "starts_at": at, "place": place}
    return browser.post(f"{page}/appointments", data=asked)


def cancel(browser, reader, appointment, whose=None):
    page = f"/console/customers/{(whose or reader).id}"
    mark = {"form_mark": form_mark(browser.get(page))}
    return browser.post(f"{page}/appointments/{appointment.id}/cancel", data=mark)


def told(session):
    session.expire_all()
    rows = session.scalars(select(Message).order_by(Message.id))
    return [(row.kind, json.loads(row.sealed_values), row.due_at) for row in rows]


def test_made_told_and_called_off(session, lin, run_jobs, reader):
    assert [make(lin, reader).status_code for _ in range(2)] == [303, 303]  # pressed twice
    (made,) = session.scalars(select(Appointment))
    stored = session.scalar(text("SELECT string_agg(t::text, '') FROM appointments t"))
    assert made.starts_at == datetime(2026, 11, 26, 10, 30, tzinfo=CHINA) and "营业部" not in stored
    payloads = session.scalar(text("SELECT string_agg(payload::text, '') FROM outbox_events"))
    assert "营业部" not in payloads
    run_jobs(only="messages.tell")
    run_jobs.again("messages.tell")
    ((kind, values, due_at),) = told(session)
    assert kind == "appointment" and values["place"] == "总行营业部 2 号窗口" and due_at == NOON
    page = lin.get(f"/console/customers/{reader.id}?lang=zh-CN").text
    assert "总行营业部 2 号窗口" in page and "已告知客户" in page
    assert [cancel(lin, reader, made).status_code for _ in range(2)] == [303, 303]
    run_jobs(only="messages.tell")
    assert [one[0] for one in told(session)] == ["appointment", "appointment_cancelled"]
    assert "已取消" in lin.get(f"/console/customers/{reader.id}?lang=zh-CN").text


def test_nobody_is_woken(session, lin, run_jobs, reader, clock_at):
    clock_at(NOON + timedelta(hours=9, minutes=55))  # the session of noon is over: staff signs in again
    signed_in(lin, session, roles=["operations"], email="late@bank.example")
    clock_at(NOON + timedelta(hours=10, minutes=5))  # 22:05 in China
    make(lin, reader)
    run_jobs(only="messages.tell")
    ((_, _, due_at),) = told(session)
    assert due_at.astimezone(CHINA).isoformat() == "2026-11-25T08:00:00+08:00"


def test_called_off_before_anybody_was_told(session, lin, run_jobs, reader):
    make(lin, reader)
    cancel(lin, reader, session.scalars(select(Appointment)).one())
    run_jobs(only="messages.tell")
    assert [one[0] for one in told(session)] == ["appointment_cancelled"]


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("2026-11-24T12:29", "总行"),  # now is 12:00: too soon
        ("2027-03-01T10:00", "总行"),
        ("tomorrow", "总行"),
        ("", "总行"),
        (AT, "总"),
        (AT, "\x00\n"),
        (AT, "长" * 61),
    ],
)
def test_what_is_no_appointment(session, lin, reader, at, place):
    answer = make(lin, reader, at, place)
    assert answer.headers["Location"].endswith("?appointment=impossible")
    assert session.scalars(select(Appointment)).all() == []
    assert "90 天" in lin.get(answer.headers["Location"] + "&lang=zh-CN").text


def test_of_ones_own_customer_and_role_only(app, session, lin, reader):
    make(lin, reader)
    made = session.scalars(select(Appointment)).one()
    other = customers.make_customer(session)
    session.commit()
    assert cancel(lin, reader, made, whose=other).status_code == 404
    finance = app.test_client()
    signed_in(finance, session, roles=["finance"], email="zhou@bank.example")
    mark = {"form_mark": form_mark(finance.get("/console/suspense")), "starts_at": AT, "place": "总行"}
    assert finance.post(f"/console/customers/{reader.id}/appointments", data=mark).status_code == 403
    session.expire_all()
    assert made.status == "made" and clock.now() < made.starts_at
