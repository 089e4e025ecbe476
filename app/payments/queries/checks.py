"""Rules about money that must hold at any time."""

from __future__ import annotations

from app.kernel import invariants

invariants.register(
    "I5",
    "what left suspense and went back to payers is exactly what refunds and matches took, and never more than came",
    "SELECT u.transaction_id, u.released_fen, u.refunded_fen FROM transaction_uses u"
    " LEFT JOIN (SELECT transaction_id, sum(amount_fen) AS all_fen,"
    " coalesce(sum(amount_fen) FILTER (WHERE source <> 'customer_credit' AND status <> 'came_to_us'), 0)"
    " AS suspense_fen FROM refunds"
    " WHERE status NOT IN ('closed', 'refused') GROUP BY transaction_id) r USING (transaction_id)"
    " LEFT JOIN (SELECT transaction_id, sum(amount_fen) AS fen FROM suspense_matches GROUP BY transaction_id) m"
    " USING (transaction_id) JOIN payment_transactions t USING (transaction_id)"
    " WHERE u.amount_fen <> t.amount_fen OR u.refunded_fen > t.amount_fen OR u.refunded_fen <> coalesce(r.all_fen, 0)"
    " OR u.released_fen <> coalesce(r.suspense_fen, 0) + coalesce(m.fen, 0)"
    " OR (t.disposition <> 'suspense' AND u.released_fen > 0)"
    " UNION ALL SELECT r.transaction_id, r.amount_fen, 0 FROM refunds r LEFT JOIN transaction_uses u"
    " USING (transaction_id) WHERE u.transaction_id IS NULL",
)
invariants.register(
    "I5",
    "suspense in the book is what is left of the payments that are in suspense",
    "SELECT 'suspense', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'suspense'"
    " HAVING coalesce(sum(amount_fen), 0) <> -(SELECT coalesce(sum(t.amount_fen - coalesce(u.released_fen, 0)), 0)"
    " FROM payment_transactions t LEFT JOIN transaction_uses u USING (transaction_id)"
    " WHERE t.disposition = 'suspense')",
)
invariants.register(
    "I6",
    "refunds in transit in the book are the refunds that are open, or whose credit is on its way back to a loan",
    "SELECT 'refunds_in_transit', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'refunds_in_transit'"
    " HAVING coalesce(sum(amount_fen), 0) <> -(SELECT coalesce(sum(r.amount_fen), 0) FROM refunds r"
    " WHERE r.status IN ('requested', 'processing', 'abnormal') OR (r.status IN ('closed', 'refused', 'came_to_us')"
    " AND NOT EXISTS (SELECT 1 FROM journals j WHERE j.key = 'refund_back:' || r.id)))",
)
invariants.register(
    "I5",
    "each payment is credited once, to its own order, with the order's amount; a debit may have brought a part",
    "SELECT t.transaction_id, o.out_trade_no FROM payment_transactions t"
    " LEFT JOIN payment_orders o ON o.id = t.order_id WHERE t.disposition = 'credited'"
    " AND (o.id IS NULL OR o.out_trade_no <> t.out_trade_no OR"
    " NOT (o.amount_fen = t.amount_fen OR (t.channel = 'core_bank' AND t.amount_fen BETWEEN 1 AND o.amount_fen))"
    " OR o.status <> 'paid')"
    " UNION ALL SELECT o.out_trade_no, count(t.*)::text FROM payment_orders o LEFT JOIN payment_transactions t"
    " ON t.order_id = o.id AND t.disposition = 'credited' WHERE o.status = 'paid'"
    " GROUP BY o.id HAVING count(t.*) <> 1",
)
invariants.register(
    "I5",
    "every suspended transaction is in the book with its amount",
    "SELECT t.transaction_id, t.amount_fen FROM payment_transactions t WHERE t.disposition = 'suspense'"
    " AND NOT EXISTS (SELECT 1 FROM journals j JOIN entries e ON e.journal_id = j.id"
    " WHERE j.key = 'suspense:' || t.transaction_id AND e.account = 'suspense' AND e.amount_fen = -t.amount_fen)",
)
invariants.register(
    "I6",
    "money in transit in the book is the money of transfers that are sent and not yet booked as loans",
    "SELECT 'transfers_in_transit', coalesce(sum(amount_fen), 0) FROM entries WHERE account = 'transfers_in_transit'"
    " HAVING coalesce(sum(amount_fen), 0) <> (SELECT coalesce(sum(t.amount_fen), 0) FROM transfers t"
    " WHERE t.status IN ('sent', 'succeeded')"
    " AND NOT EXISTS (SELECT 1 FROM drawdowns d WHERE d.id = t.reference_id AND d.status = 'disbursed'))",
)
