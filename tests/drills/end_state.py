"""What a story left behind, without ids and times, so that a disturbed run can be compared with an undisturbed one."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

from tests.story import Story

_LOANS = "(SELECT id FROM loans WHERE application_id = %(application)s)"
_DRAWDOWNS = "(SELECT id FROM drawdowns WHERE application_id = %(application)s)"
_REPAYMENTS = f"(SELECT id FROM repayments WHERE loan_id IN {_LOANS})"
_SUBJECTS = (
    f"(SELECT id FROM loans WHERE application_id = %(application)s UNION SELECT id FROM drawdowns"
    f" WHERE application_id = %(application)s UNION SELECT id FROM contracts WHERE application_id = %(application)s"
    f" UNION SELECT id FROM transfers WHERE reference_id IN {_DRAWDOWNS} UNION SELECT %(application)s::uuid"
    f" UNION SELECT id FROM payment_orders WHERE reference_id IN {_REPAYMENTS}"
    " UNION SELECT id FROM financed_orders WHERE application_id = %(application)s)"
)
QUERIES = {
    "application": "SELECT status, approved_fen FROM applications WHERE id = %(application)s",
    "decisions": "SELECT verdict FROM decisions WHERE application_id = %(application)s",
    "sources": "SELECT source, state FROM source_snapshots WHERE application_id = %(application)s ORDER BY 1",
    "cost sheets": "SELECT status FROM cost_sheets WHERE application_id = %(application)s ORDER BY 1",
    "contracts": "SELECT status FROM contracts WHERE application_id = %(application)s ORDER BY 1",
    "drawdowns": "SELECT status, amount_fen FROM drawdowns WHERE application_id = %(application)s",
    "transfers": f"SELECT status, amount_fen FROM transfers WHERE reference_id IN {_DRAWDOWNS}",
    "loans": "SELECT status, principal_fen, outstanding_principal_fen, credit_fen, annual_rate, term_months"
    " FROM loans WHERE application_id = %(application)s",
    "instalments": "SELECT number, due_on, principal_fen, interest_fen, paid_principal_fen, paid_interest_fen, status"
    f" FROM loan_instalments WHERE loan_id IN {_LOANS} ORDER BY 1",
    "repayments": "SELECT kind, status, amount_fen, principal_fen, interest_fen, overpaid_fen FROM repayments"
    f" WHERE loan_id IN {_LOANS} ORDER BY kind",
    "orders": f"SELECT status, amount_fen FROM payment_orders WHERE reference_id IN {_REPAYMENTS} ORDER BY amount_fen",
    "payments": "SELECT t.disposition, t.amount_fen FROM payment_transactions t JOIN payment_orders o"
    f" ON o.id = t.order_id WHERE o.reference_id IN {_REPAYMENTS} ORDER BY 2",
    "shop order": "SELECT status, amount_fen FROM financed_orders WHERE application_id = %(application)s",
    "journals": "SELECT j.template, e.account, e.amount_fen FROM journals j JOIN entries e ON e.journal_id = j.id"
    f" WHERE j.subject_id IN {_SUBJECTS} ORDER BY 1, 2, 3",
    "events": f"SELECT name, count(*) FROM outbox_events WHERE subject_id IN {_SUBJECTS} GROUP BY 1 ORDER BY 1",
}


def end_state(story: Story) -> dict[str, Any]:
    """Each question's rows as text; and what the core bank, WeChat Pay and the partner's server hold."""
    which = {"application": story.facts["application_id"]}
    found: dict[str, Any] = {
        name: [tuple(map(str, row)) for row in story.stack.query(sql, which)] for name, sql in QUERIES.items()
    }
    drawdowns = {str(row[0]) for row in story.stack.query(f"SELECT id FROM drawdowns WHERE id IN {_DRAWDOWNS}", which)}
    transfers = story.stack.sandbox.get("/sandbox/api/transfers")["transfers"]
    ours = [one for one in transfers if one["loan_ref"] in drawdowns]
    found["at the core bank"] = [(one["state"], one["amount_fen"]) for one in ours]
    found["told to the partner"] = sorted(Counter(story.webhook_types()).items())
    return found


def webhook_contents(story: Story) -> dict[str, set[str]]:
    """{webhook-id: the different contents that came under it}, of all deliveries whatever was answered."""
    contents: dict[str, set[str]] = defaultdict(set)
    for delivery in story.stack.sandbox.get("/sandbox/api/webhooks")["webhooks"]:
        contents[delivery["headers"]["webhook-id"]].add(json.dumps(json.loads(delivery["body"]), sort_keys=True))
    return contents


def unfinished(story: Story) -> list[tuple[object, ...]]:
    """Jobs that gave up or have not come to an end, but for those that ask again by plan."""
    return story.stack.query(
        "SELECT task_name, status, attempts FROM procrastinate_jobs WHERE status IN ('doing', 'failed', 'todo')"
        " AND task_name NOT LIKE 'kernel.%%' AND task_name NOT IN"
        " ('payments.query_order', 'payments.query_transfer', 'payments.take_up', 'webhooks.wake_waiting',"
        " 'credit.expire', 'loans.end_of_day')"
    )
