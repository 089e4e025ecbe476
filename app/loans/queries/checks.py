"""What must hold of loans at any time: against the book, against their schedules, against the payments."""

from __future__ import annotations

from app.kernel import invariants

invariants.register(
    "I6",
    "the principal outstanding of every loan that is not written off equals the book, loan by loan and in sum",
    "WITH loans AS (SELECT id, CASE WHEN written_off_on IS NULL THEN outstanding_principal_fen ELSE 0 END"
    " AS outstanding_principal_fen FROM loans)"
    " SELECT l.id::text, l.outstanding_principal_fen, coalesce(b.fen, 0) FROM loans l LEFT JOIN (SELECT j.subject_id,"
    " sum(e.amount_fen) AS fen FROM journals j JOIN entries e ON e.journal_id = j.id"
    " WHERE e.account = 'loan_principal' GROUP BY j.subject_id) b ON b.subject_id = l.id"
    " WHERE l.outstanding_principal_fen <> coalesce(b.fen, 0) UNION ALL SELECT 'all loans',"
    " (SELECT coalesce(sum(outstanding_principal_fen), 0) FROM loans), coalesce(sum(amount_fen), 0) FROM entries"
    " WHERE account = 'loan_principal' HAVING coalesce(sum(amount_fen), 0) <>"
    " (SELECT coalesce(sum(outstanding_principal_fen), 0) FROM loans)",
)
invariants.register(
    "I6",
    "what customers overpaid equals customer credit in the book",
    "SELECT 'customer_credit', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'customer_credit'"
    " HAVING coalesce(sum(amount_fen), 0) <> -(SELECT coalesce(sum(credit_fen), 0) FROM loans)",
)
invariants.register(
    "I9",
    "the principal of the schedule in force adds up to the loan, and a settled loan owes nothing",
    "SELECT l.id::text, l.principal_fen, sum(i.principal_fen + i.waived_principal_fen) FROM loans l"
    " LEFT JOIN loan_instalments i ON i.loan_id = l.id AND i.status <> 'replaced' GROUP BY l.id"
    " HAVING sum(i.principal_fen + i.waived_principal_fen) IS DISTINCT FROM"
    " l.principal_fen UNION ALL SELECT l.id::text, l.outstanding_principal_fen, count(i.id) FROM loans l"
    " LEFT JOIN loan_instalments i ON i.loan_id = l.id AND i.status = 'due' GROUP BY l.id"
    " HAVING (l.status = 'settled') <> (l.outstanding_principal_fen = 0 AND count(i.id) = 0)",
)
invariants.register(
    "I9",
    "what instalments show as paid and waived is the principal that is no longer owed",
    "SELECT l.id::text, l.principal_fen - l.outstanding_principal_fen,"
    " coalesce(sum(i.paid_principal_fen + i.waived_principal_fen), 0)"
    " FROM loans l LEFT JOIN loan_instalments i ON i.loan_id = l.id GROUP BY l.id"
    " HAVING l.principal_fen - l.outstanding_principal_fen"
    " <> coalesce(sum(i.paid_principal_fen + i.waived_principal_fen), 0)",
)
invariants.register(
    "I5",
    "every credited payment of a repayment is booked on its loan, or its job is still to run",
    "SELECT o.out_trade_no, r.status FROM payment_orders o JOIN repayments r ON r.id = o.reference_id"
    " WHERE o.purpose = 'loan_repayment' AND o.status = 'paid' AND r.status NOT IN ('applied', 'reversed')"
    " AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_jobs p WHERE p.task_name = 'loans.apply_payment' AND p.status IN ('todo', 'doing')"
    " AND p.args -> 'event' ->> 'reference_id' = r.id::text)",
)
invariants.register(
    "I5",
    "the repayment of a debit that was returned is off its loan, or its job is still to run, or people were told",
    "SELECT d.debit_no, r.status FROM debits d JOIN repayments r ON r.id = d.reference_id"
    " WHERE d.status = 'returned' AND r.status = 'applied' AND NOT EXISTS (SELECT 1 FROM debit_findings f"
    " WHERE f.debit_no = d.debit_no AND f.kind = 'return_not_booked') AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_jobs p WHERE p.task_name = 'loans.reverse_returned'"
    " AND p.status IN ('todo', 'doing') AND p.args -> 'event' ->> 'reference_id' = r.id::text)",
)
invariants.register(
    "I6",
    "interest and penalty receivable, paid ahead, off balance and earned are the same on the loans as in the book, with"
    " what the chunks of a day that is being closed have counted",
    "WITH kept AS (SELECT *, written_off_on IS NULL AS on_balance FROM loans), loan_side AS (SELECT product_code,"
    " partner_id,"
    " sum(CASE WHEN accruing AND on_balance THEN greatest(0, accrued_interest_fen - paid_interest_fen) ELSE 0 END)"
    " AS interest,"
    " sum(CASE WHEN accruing AND on_balance THEN greatest(0, accrued_penalty_fen - paid_penalty_fen) ELSE 0 END)"
    " AS penalty,"
    " -sum(CASE WHEN on_balance THEN greatest(0, paid_interest_fen - accrued_interest_fen)"
    " + greatest(0, paid_penalty_fen - accrued_penalty_fen) ELSE 0 END) AS ahead,"
    " sum(CASE WHEN accruing AND on_balance THEN 0 ELSE greatest(0, accrued_interest_fen - paid_interest_fen)"
    " + greatest(0, accrued_penalty_fen - paid_penalty_fen) END) AS off_balance,"
    " -sum(CASE WHEN NOT on_balance THEN booked_interest_fen WHEN accruing THEN accrued_interest_fen"
    " ELSE least(accrued_interest_fen, paid_interest_fen) END) AS income"
    " FROM kept GROUP BY product_code, partner_id)"
    ", sides AS (SELECT l.product_code, l.partner_id, v.account, v.fen FROM loan_side l"
    " CROSS JOIN LATERAL (VALUES ('interest_receivable', l.interest), ('penalty_receivable', l.penalty),"
    " ('interest_paid_ahead', l.ahead), ('off_balance_interest', l.off_balance), ('interest_income', l.income))"
    " AS v (account, fen)), book AS (SELECT j.product_code, j.partner_id, e.account, sum(e.amount_fen) AS fen"
    " FROM entries e JOIN journals j ON j.id = e.journal_id WHERE e.account IN (SELECT DISTINCT account FROM sides)"
    " GROUP BY 1, 2, 3), counted AS (SELECT s.product_code, s.partner_id, v.account, sum(v.fen) AS fen"
    " FROM end_of_day_sums s JOIN business_days d ON d.day = s.day AND d.state = 'closing' CROSS JOIN LATERAL (VALUES"
    " ('interest_receivable', s.interest_income_fen + s.interest_ahead_fen),"
    " ('penalty_receivable', s.penalty_income_fen + s.penalty_ahead_fen),"
    " ('interest_paid_ahead', -s.interest_ahead_fen - s.penalty_ahead_fen),"
    " ('off_balance_interest', s.off_balance_fen), ('interest_income', -s.interest_income_fen))"
    " AS v (account, fen) GROUP BY 1, 2, 3)"
    " SELECT s.product_code, s.partner_id::text, s.account, s.fen, coalesce(b.fen, 0) + coalesce(c.fen, 0) FROM sides s"
    " LEFT JOIN book b"
    " ON b.product_code = s.product_code AND b.partner_id IS NOT DISTINCT FROM s.partner_id AND b.account = s.account"
    " LEFT JOIN counted c"
    " ON c.product_code = s.product_code AND c.partner_id IS NOT DISTINCT FROM s.partner_id AND c.account = s.account"
    " WHERE s.fen <> coalesce(b.fen, 0) + coalesce(c.fen, 0)",
)
invariants.register(
    "I9",
    "what a loan shows as paid interest and penalty is the sum over its instalments and over its repayments",
    "SELECT l.id::text, l.paid_interest_fen, i.interest, r.interest, l.paid_penalty_fen, i.penalty, r.penalty"
    " FROM loans l"
    " JOIN (SELECT loan_id, sum(paid_interest_fen) AS interest, sum(paid_penalty_fen + paid_compound_fen) AS penalty"
    " FROM loan_instalments GROUP BY loan_id) i ON i.loan_id = l.id"
    " LEFT JOIN (SELECT loan_id, sum(interest_fen - interest_returned_fen) AS interest, sum(penalty_fen) AS penalty"
    " FROM repayments WHERE status = 'applied' GROUP BY loan_id) r ON r.loan_id = l.id"
    " WHERE (l.paid_interest_fen, l.paid_penalty_fen) IS DISTINCT FROM (i.interest, i.penalty)"
    " OR (l.paid_interest_fen, l.paid_penalty_fen) IS DISTINCT FROM (coalesce(r.interest, 0), coalesce(r.penalty, 0))",
)
invariants.register(
    "I9",
    "a loan knows the due day of its oldest instalment that owes principal or interest",
    "SELECT l.id::text, l.next_due_on::text, i.due_on::text FROM loans l"
    " LEFT JOIN (SELECT loan_id, min(due_on) AS due_on"
    " FROM loan_instalments WHERE status = 'due' AND (paid_principal_fen < principal_fen"
    " OR paid_interest_fen < interest_fen) GROUP BY loan_id) i ON i.loan_id = l.id"
    " WHERE l.next_due_on IS DISTINCT FROM i.due_on",
)
invariants.register(
    "I10",
    "every loan that is not over has been through every day that is closed",
    "SELECT l.id::text, l.accrued_through_on::text, d.day::text FROM loans l,"
    " (SELECT max(day) AS day FROM business_days WHERE state = 'closed') d"
    " WHERE (l.status IN ('active', 'overdue') OR (l.status = 'written_off' AND l.keeps_accruing))"
    " AND l.accrued_through_on < d.day"
    " AND l.activated_at < (SELECT closing_at FROM business_days b WHERE b.day = d.day) UNION ALL"
    " SELECT c.number::text, c.day::text, b.state FROM end_of_day_chunks c JOIN business_days b ON b.day = c.day"
    " WHERE b.state = 'closed' AND c.done_at IS NULL",
)
