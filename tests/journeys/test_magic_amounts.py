"""The core bank fails in every documented way: the loan becomes active or the line is free; never a second number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.stack import Stack
from tests.story import Story


@pytest.fixture(scope="module")
def customer(stack: Stack) -> Story:
    """Somebody with a line for several small loans."""
    story = Story(stack, "thin_file")
    story.sign_in_by_mini_program()
    story.bind()
    story.consent()
    return story


@pytest.fixture
def signed(stack: Stack, customer: Story) -> Callable[[int], Story]:
    """Signs for an order of so many fen; what comes after is the core bank's."""

    def sign(amount_fen: int) -> Story:
        stack.change("UPDATE phone_codes SET created_at = created_at - interval '1 day'")  # one code a minute
        story = Story(stack, "thin_file", amount_fen, facts=dict(customer.facts))
        story.token = customer.token
        story.open_embed_session()
        story.redeem()
        story.apply(3)
        story.wait_application("approved")
        story.read_cost_sheet(3)
        story.sign()
        return story

    return sign


def transfers(story: Story) -> list[dict[str, Any]]:
    """What the core bank holds of this story."""
    rows = story.stack.query("SELECT id FROM drawdowns WHERE application_id = %(id)s", drawn_for(story))
    ours = {str(row[0]) for row in rows}
    kept = story.stack.sandbox.get("/sandbox/api/transfers")["transfers"]
    return [one for one in kept if one["loan_ref"] in ours]


def drawn_for(story: Story) -> dict[str, object]:
    return {"id": story.facts["application_id"]}


def line(story: Story) -> tuple[int, int]:
    """(reserved, used) of the customer's line."""
    rows = story.stack.query(
        "SELECT l.reserved_fen, l.used_fen FROM credit_lines l JOIN applications a ON a.credit_line_id = l.id"
        " WHERE a.id = %(id)s",
        drawn_for(story),
    )
    return int(str(rows[0][0])), int(str(rows[0][1]))


def test_41_a_closed_account_frees_the_line(signed, stack):
    story = signed(100_041)
    stack.until(lambda: "disbursement.failed" in story.webhook_types(), "the partner knows of the failure")
    (sent,) = transfers(story)
    assert (sent["state"], sent["fail_code"]) == ("failed", "payee.closed")
    assert line(story) == (0, 0)
    assert story.application()["status"] not in ("drawn", "effective")
    assert story.ask("GET", "/customer/v1/loans")["items"] == []
    own = stack.query("SELECT status, fail_code FROM transfers WHERE transfer_no = %(id)s", {"id": sent["transfer_no"]})
    assert own == [("failed", "payee.closed")]
    assert "loan.activated" not in story.webhook_types()


@pytest.mark.parametrize("amount_fen", [100_043, 100_045, 100_044])
def test_43_44_45_a_doubtful_answer_is_asked_about_under_the_same_number(signed, stack, amount_fen):
    """Refused before acceptance, accepted and silent, accepted and answered with an error."""
    story = signed(amount_fen)
    story.wait_application("drawn")
    (sent,) = transfers(story)
    assert (sent["state"], sent["amount_fen"]) == ("succeeded", amount_fen)
    rows = stack.query("SELECT t.transfer_no FROM transfers t JOIN drawdowns d ON d.id = t.reference_id"
                       " WHERE d.application_id = %(id)s", drawn_for(story))
    assert rows == [(sent["transfer_no"],)]
    assert line(story)[0] == 0
    stack.until(lambda: "loan.activated" in story.webhook_types(), "the partner knows of the loan")


def test_42_a_transfer_that_hangs_waits_for_a_person(signed, stack):
    story = signed(100_042)
    stack.until(lambda: transfers(story) and transfers(story)[0]["state"] == "processing", "the bank works on it")
    assert story.application()["status"] == "effective"
    assert line(story)[0] == 100_042
    (sent,) = transfers(story)
    stack.sandbox.post(f"/sandbox/api/transfers/{sent['transfer_no']}/finish", {"state": "succeeded"})
    story.wait_application("drawn")
    assert [one["transfer_no"] for one in transfers(story)] == [sent["transfer_no"]]
    assert line(story)[0] == 0


def test_afterwards_every_invariant_holds(stack):
    assert "BROKEN" not in stack.run("invariants")
