"""kill -9 of web and worker at any point of the steps 5 to 8: the end is the same, nothing is done twice."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.architecture import rules
from tests.drills.conftest import LONG
from tests.drills.end_state import end_state, unfinished, webhook_contents
from tests.drills.patient import Keeper, PatientStory, RandomKills

NewCustomer = Callable[[], PatientStory]
pytestmark = pytest.mark.drill

IN_JOBS = (
    *("decide.opened", "decide.kept", "seal.opened", "seal.called"),
    *("send_transfer.opened", "send_transfer.called", "query_transfer.opened", "query_transfer.called"),
    *("query_order.opened", "query_order.called", "deliver.opened", "deliver.called"),
    *("message.opened", "message.called"),
)
# The worker dies after the job's last commit: the queue hands the whole job out again.
AFTER_JOBS = tuple(
    f"{name}.done"
    for name in (
        *("credit.decide", "contracts.seal", "credit.contract_signed", "loans.open_drawdown"),
        *("payments.send_transfer", "payments.query_transfer", "payments.query_order", "loans.activate"),
        *("orders.application_changed", "orders.loan_activated", "loans.apply_payment"),
        *("webhooks.fan_out", "webhooks.deliver", "messages.tell", "messages.deliver"),
    )
)
IN_NOTICES = ("notice.read", "notice.committed")
IN_CALLS = ("open_call_settle.opened", "open_call_settle.called", "open_call_settle.settled")
# Drilled in tests/loans/test_end_of_day_kills.py: nothing of them happens in the steps of a customer.
AT_NIGHT = ("end_of_day.opened", "end_of_day.chunk", "end_of_day.counted", "end_of_day.closed")
# Drilled in test_refund_kills.py.
REFUNDS = tuple(f"{job}_refund.{at}" for job in ("send", "query", "redirect") for at in ("opened", "called"))
# Drilled in test_debit_kills.py.
DEBITS = ("debits.made", *(f"{job}_debits.{at}" for job in ("send", "fetch") for at in ("opened", "called", "settled")))
# Drilled in test_reversal_kills.py.
REVERSALS = ("correction.lived_anew", "correction.put_right", "reversal.booked", "late_payment.booked")
# Drilled in test_servicing_kills.py.
SERVICING = (
    *("change.applied", "change.told", "relief.put", "relief.booked"),
    *("payment.taken_in", "payment.booked"),
)
# Drilled in test_collecting_kills.py.
COLLECTING = ("collect_due.loan", "order_refund.booked")
# Drilled in tests/loans/test_repricing_kills.py.
REPRICING = ("repricing.chunk", "repricing.committed")
# In web, by the step whose request is cut off there.
IN_WEB = {
    "cost_sheet": ("once.committed",),
    "contract": IN_CALLS,
    "confirmation": ("once.committed",),
    "signature": ("once.committed",),
    "payoff": (*IN_CALLS, *IN_NOTICES),
}


def test_every_crash_point_is_drilled():
    source = "\n".join(text for _, text in rules.sources("app"))
    placed = set(re.findall(r'reach\("([a-z_.]+)"\)', source))
    in_web = {point for points in IN_WEB.values() for point in points}
    assert placed == {*IN_JOBS, *AT_NIGHT, *REFUNDS, *DEBITS, *REVERSALS, *SERVICING, *COLLECTING, *REPRICING} | in_web
    assert 'reach(f"{task.name}.done")' in source


def drive(story: PatientStory, strike: Any) -> None:
    """Steps 3 to 8 of a customer who is signed in; `strike(step)` is told which step comes."""
    story.open_embed_session()
    story.redeem()
    story.apply()
    story.wait_application("approved")
    story.before = lambda path: strike(path.rpartition("/")[2])
    strike("cost_sheet")
    story.read_cost_sheet()
    strike("contract")
    story.sign()
    story.wait_loan()
    for kind, notices in (("instalment", "lost"), ("payoff", "normal")):  # the lost one is found by asking
        strike(kind)
        story.stack.sandbox.post("/sandbox/api/pay/settings", {"notices": notices})
        opened = story.open_repayment(kind)
        story.pay(opened)
        story.wait_repayment(opened)
    story.stack.until(lambda: "loan.settled" in story.webhook_types(), "the partner knows of the end")


@pytest.fixture(scope="module")
def undisturbed(new_customer: NewCustomer) -> dict[str, Any]:
    """What the story leaves behind when nothing dies."""
    story = new_customer()
    drive(story, lambda step: None)
    stack = story.stack
    stack.until(lambda: not unfinished(story), "every job has ended")
    return end_state(story)


def check(story: PatientStory, undisturbed: dict[str, Any], seed: int) -> None:
    """The same end, one transfer number, one content a webhook-id, and every invariant."""
    stack = story.stack
    stack.until(lambda: not unfinished(story), f"every job has ended (seed {seed}): {unfinished(story)}")
    found = end_state(story)
    assert {name: rows for name, rows in found.items() if rows != undisturbed[name]} == {}, f"seed {seed}"
    assert len(found["at the core bank"]) == 1
    assert {key: len(texts) for key, texts in webhook_contents(story).items() if len(texts) > 1} == {}
    assert "BROKEN" not in stack.run("invariants"), f"seed {seed}"


def test_killed_at_the_boundaries(keeper: Keeper, new_customer: NewCustomer, undisturbed: dict[str, Any], seed: int):
    draw = random.Random(seed)
    jobs = [*IN_JOBS, *AFTER_JOBS] if LONG else draw.sample([*IN_JOBS, *AFTER_JOBS], 3)
    web = IN_WEB if LONG else {step: draw.sample(points, 1) for step, points in IN_WEB.items()}
    print(f"seed {seed}: {jobs} {web}")
    before = sum(keeper.restarts.values())
    keeper.arm(*jobs)
    story = new_customer()

    def strike(step: str) -> None:
        keeper.arm(*web.get(step, ()))
        if step == "payoff":
            keeper.kill("web")

    drive(story, strike)
    check(story, undisturbed, seed)
    assert keeper.armed() == [], "every point was passed"
    assert sum(keeper.restarts.values()) - before >= len(jobs)
    assert story.repeats >= 1


@pytest.mark.skipif(not LONG, reason="long form: make drill")
@pytest.mark.parametrize("round_", range(6))
def test_killed_at_random(
    keeper: Keeper, new_customer: NewCustomer, undisturbed: dict[str, Any], seed: int, round_: int
):
    keeper.disarm()
    story = new_customer()
    kills = RandomKills(keeper, seed + round_, 1, 6, at_most=12)
    kills.start()
    try:
        drive(story, lambda step: None)
    finally:
        kills.stop()
    print(f"seed {seed + round_}: {kills.killed}")
    check(story, undisturbed, seed + round_)
