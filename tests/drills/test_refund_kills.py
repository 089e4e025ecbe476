"""kill -9 of the process that sends a refund or asks about it, at each of its points: one refund, booked once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.adapters import channels
from app.kernel import ids, invariants
from app.ledger.models import Journal
from app.payments import usecases
from app.payments.models import Refund, RefundRedirection
from launcher.channels import channels_of
from launcher.keys import write_private
from tests.drills.conftest import LONG
from tests.payments import test_jobs as payments
from tests.sandbox_process import ROOT, SandboxProcess
from tests.servers import TestServers
from tests.settings import write_bank_secrets

pytestmark = [pytest.mark.drill, pytest.mark.usefixtures("channels")]
POINTS = ("send_refund.opened", "send_refund.called", "query_refund.opened", "query_refund.called")
WAYS = ("redirect_refund.opened", "redirect_refund.called")
PROGRAM = """
import json, sys
from app import process
from app.kernel import jobs
from config.settings import Settings
process.install(Settings.from_env(), pool_size=2, application="drill")
process.import_jobs()
jobs.TASKS[sys.argv[1]].run(**json.loads(sys.argv[2]))
"""
Work = Callable[[str, Refund], int]


@pytest.fixture
def points(tmp_path: Path) -> Path:
    """Whoever passes a point whose file lies here dies."""
    folder = tmp_path / "points"
    folder.mkdir()
    return folder


@pytest.fixture
def run_apart(
    committed: sessionmaker[Session], servers: TestServers, sandbox: SandboxProcess, tmp_path: Path, points: Path
) -> Callable[..., int]:
    """Run a job in a process of its own, as the worker does; answers how it ended."""
    write_bank_secrets(tmp_path / "secrets.json")
    write_private(tmp_path / "channels.json", channels_of(sandbox.world, sandbox.base_url))
    environment = os.environ | {
        "DUKOU_ENV": "test",
        "DUKOU_CRASH_POINTS": str(points),
        "DUKOU_PUBLIC_URL": sandbox.bank_url,
        "DUKOU_EMBED_URL": sandbox.bank_url,
        "DUKOU_SECRETS_FILE": str(tmp_path / "secrets.json"),
        "DUKOU_CHANNELS_FILE": str(tmp_path / "channels.json"),
        "DATABASE_URL": committed.kw["bind"].url.render_as_string(hide_password=False),
        "REDIS_URL": servers.valkey_url,
    }

    def run(job: str, **arguments: Any) -> int:
        command = [sys.executable, "-c", PROGRAM, job, json.dumps(arguments)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode in (0, 137), done.stderr[-3000:]
        return done.returncode

    return run


@pytest.fixture
def work(run_apart: Callable[..., int]) -> Work:
    """Run a job about a refund."""
    return lambda job, refund: run_apart(job, refund_id=str(refund.id), step=0)


@pytest.fixture
def refund(committed: sessionmaker[Session], sandbox: SandboxProcess) -> Iterator[Refund]:
    """A decided refund of a payment that came after its order was closed."""
    sandbox.post("/sandbox/api/pay/settings", {"refunds": "held", "time_scale": 3600})
    with committed() as session:
        order = payments.order.__wrapped__(session, sandbox)  # type: ignore[attr-defined]  the fixture's function
        payments.pay(sandbox, payments.place(order))
        usecases.close_order(session, order_id=order.order_id)
        told = channels().wechat_pay.query(order.out_trade_no)
        usecases.confirm(session, transaction=told, our_mchid=told.mchid)
        asked = usecases.RefundRequest(ids.new_id(), str(told.transaction_id), order.amount_fen, "已关闭")
        made = usecases.open_refund(session, request=asked)
        session.commit()
    yield made
    sandbox.reset()


@pytest.mark.parametrize("point", WAYS if LONG else random.SystemRandom().sample(WAYS, 1))
def test_another_way_is_asked_for_once_wherever_its_process_dies(
    committed: sessionmaker[Session],
    sandbox: SandboxProcess,
    points: Path,
    run_apart: Callable[..., int],
    work: Work,
    refund: Refund,
    point: str,
) -> None:
    work("payments.send_refund", refund)
    end = f"/sandbox/api/pay/refunds/{refund.out_refund_no}/finish"
    sandbox.post(end, {"status": "ABNORMAL"})
    work("payments.query_refund", refund)
    number = ids.new_id()
    with committed() as session:
        card = usecases.read_card("CMB_DEBIT", "6214830000001234", "沈测")
        usecases.draft_redirection(session, redirection_id=number, refund_id=refund.id, card=card)
        usecases.open_redirection(session, redirection_id=number)
        session.commit()
    (points / point).touch()
    asked = [run_apart("payments.redirect_refund", redirection_id=str(number)) for _ in range(3)]
    assert asked == [137, 0, 0] and list(points.iterdir()) == []
    sandbox.post(end, {"status": "SUCCESS"})
    work("payments.query_refund", refund)
    with committed() as session:
        assert session.get_one(Refund, refund.id).status == "succeeded"
        assert session.get_one(RefundRedirection, number).status == "done"
        books = [one for one in invariants.verify(session) if one.invariant.code in {"I1", "I2", "I4", "I5", "I6"}]
        assert [one for one in books if not one.holds] == []


@pytest.mark.parametrize("point", POINTS if LONG else random.SystemRandom().sample(POINTS, 1))
def test_a_refund_is_one_wherever_its_process_dies(
    committed: sessionmaker[Session], sandbox: SandboxProcess, points: Path, work: Work, refund: Refund, point: str
) -> None:
    (points / point).touch()
    sending = point.startswith("send_refund")
    sent = [work("payments.send_refund", refund) for _ in range(2)]
    assert sent == ([137, 0] if sending else [0, 0])
    (known,) = sandbox.get("/sandbox/api/pay/refunds")["refunds"]
    assert known["out_refund_no"] == refund.out_refund_no
    sandbox.post(f"/sandbox/api/pay/refunds/{refund.out_refund_no}/finish", {"status": "SUCCESS"})
    asked = [work("payments.query_refund", refund) for _ in range(3)]
    assert asked == ([0, 0, 0] if sending else [137, 0, 0]) and list(points.iterdir()) == []
    with committed() as session:
        assert session.get_one(Refund, refund.id).status == "succeeded"
        templates = list(session.scalars(select(Journal.template)))
        assert len(templates) == len(set(templates)), templates  # each step of the one refund is booked once
        books = [one for one in invariants.verify(session) if one.invariant.code in {"I1", "I2", "I4", "I5", "I6"}]
        assert [one for one in books if not one.holds] == []
