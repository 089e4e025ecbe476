"""Rules about debits that must hold at any time."""

from __future__ import annotations

from app.kernel import invariants

invariants.register(
    "I5",
    "a debit that brought money is one credited or suspended payment of the core bank, and no other debit is",
    "SELECT d.debit_no, d.status FROM debits d LEFT JOIN payment_transactions t"
    " ON t.transaction_id = 'CB' || d.bank_serial AND t.channel = 'core_bank'"
    " WHERE (d.status IN ('succeeded', 'returned')) <> (t.transaction_id IS NOT NULL)"
    " OR (t.transaction_id IS NOT NULL AND (t.amount_fen <> d.collected_fen OR t.out_trade_no <> d.debit_no))",
)
invariants.register(
    "I8",
    "an order that is paid by debit is open exactly as long as its debit is",
    "SELECT o.out_trade_no, o.status FROM payment_orders o JOIN debits d ON d.order_id = o.id"
    " WHERE (o.status IN ('created', 'prepaid')) <> (d.status IN ('requested', 'filed'))"
    " UNION ALL SELECT o.out_trade_no, o.status FROM payment_orders o WHERE o.pay_by = 'bank_account'"
    " AND NOT EXISTS (SELECT 1 FROM debits d WHERE d.order_id = o.id)",
)
