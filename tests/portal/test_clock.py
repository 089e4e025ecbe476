"""The portal's page of the test clock: who may move it, what it shows, where it does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories.portal import PASSWORD, Developer, make_developer

TEST_PATH = "/clock"


@pytest.fixture
def with_clock(app: Flask, session: Session) -> Iterator[Flask]:
    """The application of a deployment whose clock may be moved."""
    usual = app.config["DUKOU"]
    app.config["DUKOU"] = replace(usual, test_clock=True)
    yield app
    app.config["DUKOU"] = usual


def test_a_developer_moves_it_and_sees_how_far_it_is(with_clock: Flask, session: Session) -> None:
    developer = make_developer(with_clock)
    assert developer.post(TEST_PATH, TEST_PATH, days="0").status_code == 422
    assert developer.post(TEST_PATH, TEST_PATH, days="rubbish").status_code == 422
    assert developer.post(TEST_PATH, TEST_PATH, days="30").status_code == 303
    moving = developer.get("/clock?lang=en")
    assert "0 of 30 days closed" in moving.text and moving.headers["Refresh"].startswith("3;")
    assert developer.post(TEST_PATH, days="1").status_code == 409
    waiting = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'simulation.advance'")
    assert session.scalar(waiting) == 1


def test_a_viewer_looks_only(with_clock: Flask) -> None:
    owner = make_developer(with_clock)
    viewer = Developer(with_clock.test_client())
    assert owner.post("/team", login=viewer.login, password=PASSWORD, role="viewer").status_code == 303
    viewer.sign_in()
    shown = viewer.get("/clock")
    assert shown.status_code == 200 and 'name="days"' not in shown.text
    assert viewer.post(TEST_PATH, TEST_PATH, days="1").status_code == 403


def test_where_there_is_no_clock_there_is_no_page(app: Flask, session: Session) -> None:
    developer = make_developer(app)
    assert developer.get("/clock").status_code == 404 and "/portal/clock" not in developer.get("/").text
