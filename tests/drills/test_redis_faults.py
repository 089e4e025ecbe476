"""Redis gone, silent, forgetful, begun anew: days are closed as ever, and signing in is shut or limited, never open."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.kernel import cache, db
from app.kernel.web.limits import LEFT_ALONE_S
from config import settings as configuration
from config.settings import RateLimits
from launcher.channels import channels_of
from launcher.keys import write_private
from launcher.valkey import Valkey
from tests.drills.conftest import LONG
from tests.drills.redis_faults import REDIS_FAULTS, kill
from tests.factories import credit
from tests.factories.customers import invented_phone
from tests.factories.loan_book import draw_loans, fill
from tests.loans.test_end_of_day_kills import DAY, LEFT
from tests.sandbox_process import ROOT, SandboxProcess
from tests.servers import TestServers
from tests.settings import make_settings, write_bank_secrets

pytestmark = pytest.mark.drill
BOOK = 5_000 if LONG else 120
FAULTS = [name for name in REDIS_FAULTS if name != "nothing"]
PROGRAM = """
from datetime import UTC, datetime
from app import process
from app.kernel import clock
from app.loans.jobs.end_of_day import Run, close_through
from config.settings import Settings
process.install(Settings.from_env(), pool_size=2, application="drill")
clock.use(lambda: datetime(2026, 10, 22, 16, 30, tzinfo=UTC))
close_through(None, Run(chunk=40))
"""
CODES = "/customer/v1/sign-in/phone-codes"


@pytest.fixture
def own(servers: TestServers) -> Iterator[Valkey]:
    """A Valkey that nobody else leans on."""
    server = Valkey(servers.state / "faults", servers.valkey.binary)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def close_days(
    new_database: Callable[[], tuple[str, str]],
    sandbox: SandboxProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], dict[str, list[Any]]]:
    """Three days of a fresh book, closed by a process of its own with this Redis; answers what it left."""
    folder = tmp_path_factory.mktemp("night")
    write_bank_secrets(folder / "secrets.json")
    write_private(folder / "channels.json", channels_of(sandbox.world, sandbox.base_url))
    files = {"DUKOU_SECRETS_FILE": folder / "secrets.json", "DUKOU_CHANNELS_FILE": folder / "channels.json"}
    urls = {"DUKOU_PUBLIC_URL": sandbox.bank_url, "DUKOU_EMBED_URL": sandbox.bank_url}

    def close(redis_url: str) -> dict[str, list[Any]]:
        url, owner_url = new_database()
        fill(owner_url, draw_loans(BOOK, day=DAY, seed=5, late_share=0.4), day=DAY)
        environment = os.environ | {"DUKOU_ENV": "test", "REDIS_URL": redis_url} | urls
        environment |= {name: str(path) for name, path in files.items()}
        environment["DATABASE_URL"] = url.replace("postgresql://", "postgresql+psycopg://")
        command = [sys.executable, "-c", PROGRAM]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        with psycopg.connect(owner_url) as connection:
            return {name: connection.execute(sql).fetchall() for name, sql in LEFT.items()}

    return close


def test_days_are_closed_the_same_whatever_redis_does(
    own: Valkey, close_days: Callable[[str], dict[str, list[Any]]], seed: int
) -> None:
    """R20: the end of day, under each fault (a short run draws two), leaves what an undisturbed one leaves."""
    undisturbed = close_days(own.url)
    assert [state for _, state, _ in undisturbed["days"]] == ["closed"] * 3 and undisturbed["loans"]
    drawn = FAULTS if LONG else random.Random(seed).sample(FAULTS, 2)
    for name in drawn:
        with REDIS_FAULTS[name](own):
            left = close_days(own.url)
        print(f"seed {seed}: {name}: {[digest for *_, digest in left['days']]}")
        assert left == undisturbed, name


@pytest.fixture
def client(
    app: Flask,
    sessions: sessionmaker[Session],
    database_url: str,
    servers: TestServers,
    sandbox: SandboxProcess,
    own: Valkey,
    tmp_path: Path,
) -> Iterator[FlaskClient]:
    """A client of an application with limits that leans on this Valkey."""
    limits = RateLimits(public="50/minute", sign_in="50/minute", callbacks="50/minute")
    made = create_app(make_settings(database_url, own.url, sandbox, rate_limits=limits))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.extensions["engine"].dispose()
    db.use(sessions)
    yield made.test_client()
    configuration.use(app.config["DUKOU"])
    cache.use(servers.valkey_url)


def sign_in(client: FlaskClient, sandbox: SandboxProcess, phone: str) -> tuple[int, int]:
    """Ask for a code and use it; answers both statuses."""
    asked = client.post(CODES, json={"phone": phone})
    if asked.status_code != 202:
        return asked.status_code, 0
    code = sandbox.get("/sandbox/api/sms", phone=phone)["messages"][0]["params"]["code"]
    body = {"code_id": asked.json["code_id"], "phone": phone, "code": code}
    return 202, client.post("/customer/v1/sign-in/phone", json=body).status_code


def test_who_signs_in_while_redis_forgets_is_still_limited(
    client: FlaskClient, sandbox: SandboxProcess, own: Valkey
) -> None:
    """What guards numbers and codes stands in PostgreSQL; FLUSHALL or an empty restart gives nobody new tries."""
    with REDIS_FAULTS["Redis forgets"](own):
        phone = invented_phone()
        assert sign_in(client, sandbox, phone) == (202, 201)
        again = client.post(CODES, json={"phone": phone})
        assert (again.status_code, again.json["code"]) == (429, "phone_code.too_many")
    kill(own)
    own.start()
    assert client.post(CODES, json={"phone": phone}).status_code in (429, 503)  # forgotten, or just found away


@pytest.mark.parametrize("fault", ["Redis says nothing", "Redis is gone"])
def test_signing_in_is_shut_while_redis_cannot_count_and_heals(
    client: FlaskClient, sandbox: SandboxProcess, session: Session, own: Valkey, fault: str
) -> None:
    applicant = credit.make_applicant(session)
    made = credit.approved_application(session, applicant)
    path = f"/customer/v1/applications/{made.application_id}"
    with REDIS_FAULTS[fault](own):
        refused = client.post(CODES, json={"phone": invented_phone()})
        assert (refused.status_code, refused.json["code"]) == (503, "rate_limit.not_counted")
        assert client.get(path, headers=applicant.headers).status_code == 200  # who is signed in goes on
        assert client.post("/callbacks/wechat/pay", data=b"{}").status_code in (400, 401, 415)  # looked at, as ever
    deadline = time.monotonic() + LEFT_ALONE_S + 60
    while (found := sign_in(client, sandbox, invented_phone()))[0] == 503:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert found == (202, 201)
