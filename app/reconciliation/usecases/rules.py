"""How each channel's rows are held against the book: one statement a channel, that answers every row that differs.

Each answers (kind, key, their_no, our_no, related_no, line_no, ours_fen, theirs_fen, fee_milli, note) for the import
`:import_id` of the China day that begins at `:begins` and ends before `:ends`. What stands on another day's bill that
counts is no missing row: that day shows it as `cut_off`.
"""

from __future__ import annotations

# The rows of the bill: those of another merchant, of a sort we do not know, and repeated ones are answered at once.
_ROWS = """
WITH numbered AS (
    SELECT r.*, row_number() OVER (PARTITION BY r.kind, r.their_no{distinct} ORDER BY r.line_no) AS nth
    FROM bill_rows r WHERE r.import_id = :import_id
), sorted AS (
    SELECT *, CASE WHEN {foreign} THEN 'foreign_merchant' WHEN kind = 'other' THEN 'unknown'
        WHEN nth > 1 THEN 'duplicate' END AS fault FROM numbered
), good AS (SELECT * FROM sorted WHERE fault IS NULL),
faulty AS (
    SELECT fault AS kind, their_no || CASE WHEN nth > 1 THEN '#' || nth ELSE '' END AS key, their_no, our_no,
        related_no, line_no, NULL::bigint AS ours_fen, amount_fen AS theirs_fen, fee_milli, state AS note
    FROM sorted WHERE fault IS NOT NULL
)"""

# Numbers on the bills of other days that count.
_ELSEWHERE = """
, elsewhere AS (
    SELECT o.{number} AS number FROM bill_rows o
    JOIN reconciliation_days d ON d.import_id = o.import_id AND d.channel = '{channel}' AND d.import_id <> :import_id
    WHERE o.{number} IN (SELECT number FROM absent)
)"""

_PAYMENTS = """
, payments AS (
    SELECT CASE WHEN t.transaction_id IS NULL THEN 'missing_here' WHEN g.kind = 'revoked' THEN 'state'
        WHEN t.amount_fen <> g.amount_fen THEN 'amount'
        WHEN NOT (t.paid_at >= :begins AND t.paid_at < :ends AND g.occurred_at >= :begins AND g.occurred_at < :ends)
            THEN 'cut_off'
        WHEN {fee_wrong} THEN 'fee' END AS kind,
        g.their_no AS key, g.their_no, g.our_no, g.related_no, g.line_no, t.amount_fen AS ours_fen,
        g.amount_fen AS theirs_fen, g.fee_milli, g.state AS note
    FROM good g LEFT JOIN payment_transactions t ON t.transaction_id = g.their_no
    WHERE g.kind = 'payment' OR (g.kind = 'revoked' AND t.transaction_id IS NOT NULL)
), absent AS (
    SELECT t.transaction_id AS number FROM payment_transactions t
    WHERE t.channel = 'wechat_pay' AND t.paid_at >= :begins AND t.paid_at < :ends AND NOT EXISTS (
        SELECT 1 FROM bill_rows r WHERE r.import_id = :import_id AND r.their_no = t.transaction_id AND r.kind <> 'fee')
)"""

_REFUNDS = """
, refunded AS (
    SELECT CASE WHEN f.id IS NULL THEN 'refund_missing'
        WHEN {amount_wrong} THEN 'amount' WHEN {state_wrong} THEN 'state'
        WHEN f.source <> 'outside' AND NOT (f.accepted_at >= :begins AND f.accepted_at < :ends) THEN 'cut_off'
        WHEN {fee_wrong} THEN 'fee' END AS kind,
        g.their_no AS key, g.their_no, g.our_no, g.related_no, g.line_no, f.amount_fen AS ours_fen,
        g.amount_fen AS theirs_fen, g.fee_milli, g.state AS note
    FROM good g LEFT JOIN refunds f ON f.out_refund_no = g.our_no WHERE g.kind = 'refund'
), unrefunded AS (
    SELECT f.* FROM refunds f WHERE f.accepted_at >= :begins AND f.accepted_at < :ends
    AND f.source <> 'outside' AND f.status IN ('processing', 'succeeded', 'abnormal', 'came_to_us') AND NOT EXISTS (
        SELECT 1 FROM bill_rows r WHERE r.our_no = f.out_refund_no AND (r.import_id = :import_id OR r.import_id IN
            (SELECT d.import_id FROM reconciliation_days d WHERE d.channel = '{channel}')))
)"""

_ANSWER = """
SELECT kind, key, their_no, our_no, related_no, line_no, ours_fen, theirs_fen, fee_milli, note FROM faulty
UNION ALL SELECT * FROM payments WHERE kind IS NOT NULL
UNION ALL SELECT * FROM refunded WHERE kind IS NOT NULL
UNION ALL SELECT 'missing_there', t.transaction_id, t.transaction_id, t.out_trade_no, '', NULL, t.amount_fen, NULL,
    NULL, t.disposition FROM payment_transactions t JOIN absent a ON a.number = t.transaction_id
    WHERE a.number NOT IN (SELECT number FROM elsewhere)
UNION ALL SELECT 'refund_missing', coalesce(f.refund_id, f.out_refund_no), f.refund_id, f.out_refund_no,
    f.transaction_id, NULL, f.amount_fen, NULL, NULL, f.status FROM unrefunded f"""

# Fees are compared to less than a fen: whichever way the channel rounds is right.
_FEE = "abs(g.fee_milli - {sign} g.amount_fen * CAST(:rate AS numeric) * 1000) >= 1000"
_REFUND_STATE = (
    "(g.state = 'SUCCESS' AND f.status IN ('closed', 'refused')) OR (g.state IN ('FAILED', 'CLOSED')"
    " AND f.status IN ('succeeded', 'came_to_us')) OR f.status = 'requested'"
)
_NET = (  # a refund flows out less the fee that comes back with it, or whole with the fee in a line of its own
    "abs(g.amount_fen - f.amount_fen * (1 - CAST(:rate AS numeric))) >= 1 AND g.amount_fen <> f.amount_fen"
)

WECHAT_TRADE = (
    _ROWS.format(distinct="", foreign="merchant <> :merchant")
    + _PAYMENTS.format(fee_wrong=_FEE.format(sign=""))
    + _ELSEWHERE.format(number="their_no", channel="wechat_trade")
    + _REFUNDS.format(
        channel="wechat_trade",
        amount_wrong="f.amount_fen <> g.amount_fen",
        state_wrong=_REFUND_STATE,
        fee_wrong=_FEE.format(sign="-1 *"),
    )
    + _ANSWER
)
_FLOW_FEES = """
, charged AS (
    SELECT CASE WHEN t.transaction_id IS NULL THEN 'missing_here'
        WHEN abs(g.amount_fen - t.amount_fen * CAST(:rate AS numeric)) >= 1 THEN 'fee' END AS kind,
        'fee:' || g.their_no AS key, g.their_no, g.our_no, g.related_no, g.line_no,
        round(t.amount_fen * CAST(:rate AS numeric))::bigint AS ours_fen, g.amount_fen AS theirs_fen,
        g.amount_fen * 1000 AS fee_milli, 'fee' AS note
    FROM good g LEFT JOIN payment_transactions t ON t.transaction_id = g.their_no WHERE g.kind = 'fee'
)"""
# A withdrawal is booked as the bill tells it (see `comparing`); a later issue, or money that came back, is held
# against that.
_WITHDRAWALS = """
, withdrawn AS (
    SELECT CASE WHEN g.state <> 'out' THEN 'state' WHEN e.amount_fen <> g.amount_fen THEN 'amount' END AS kind,
        'withdrawal:' || g.their_no AS key, g.their_no, g.our_no, g.related_no, g.line_no, e.amount_fen AS ours_fen,
        g.amount_fen AS theirs_fen, NULL::bigint AS fee_milli, 'withdrawal' AS note
    FROM good g LEFT JOIN journals j ON j.key = '{journal}:' || g.their_no
    LEFT JOIN entries e ON e.journal_id = j.id AND e.account = 'bank_settlement' WHERE g.kind = 'withdrawal'
)"""
WITHDRAWAL = "channel_withdrawal"  # the template, and how the keys of its journals begin
NOT_WITHDRAWN = f"""
SELECT r.their_no, r.amount_fen FROM bill_rows r WHERE r.import_id = :import_id AND r.kind = 'withdrawal'
    AND r.state = 'out' AND NOT EXISTS (SELECT 1 FROM journals j WHERE j.key = '{WITHDRAWAL}:' || r.their_no)
    ORDER BY r.line_no"""  # noqa: S608  made of constants of this module
WECHAT_FUNDS = (
    _ROWS.format(distinct="", foreign="false")  # noqa: S608  made of constants of this module
    + _PAYMENTS.format(fee_wrong="g.state <> 'in'")
    + _ELSEWHERE.format(number="their_no", channel="wechat_funds")
    + _REFUNDS.format(channel="wechat_funds", amount_wrong=_NET, state_wrong="g.state <> 'out'", fee_wrong="false")
    + _FLOW_FEES
    + _WITHDRAWALS.format(journal=WITHDRAWAL)
    + _ANSWER
    + "\nUNION ALL SELECT * FROM charged WHERE kind IS NOT NULL"
    + "\nUNION ALL SELECT * FROM withdrawn WHERE kind IS NOT NULL"
)
CORE_BANK = (
    _ROWS.format(distinct=", r.our_no", foreign="false")  # noqa: S608  made of constants of this module
    + """
, moved AS (
    SELECT CASE WHEN t.id IS NULL THEN 'missing_here' WHEN t.amount_fen <> g.amount_fen THEN 'amount'
        WHEN g.state <> 'booked' OR t.status <> 'succeeded' THEN 'state'
        WHEN NOT (t.completed_at >= :begins AND t.completed_at < :ends) THEN 'cut_off' END AS kind,
        g.their_no AS key, g.their_no, g.our_no, g.related_no, g.line_no, t.amount_fen AS ours_fen,
        g.amount_fen AS theirs_fen, NULL::bigint AS fee_milli, g.state AS note
    FROM good g LEFT JOIN transfers t ON t.transfer_no = g.our_no WHERE g.related_no <> 'in'
), collected AS (
    SELECT CASE WHEN t.transaction_id IS NULL THEN 'missing_here' WHEN t.amount_fen <> g.amount_fen THEN 'amount'
        WHEN (g.state = 'booked') = EXISTS (SELECT 1 FROM debits d WHERE d.bank_serial = g.their_no
            AND d.status = 'returned') THEN 'state'
        WHEN NOT (t.paid_at >= :begins AND t.paid_at < :ends) THEN 'cut_off' END AS kind,
        g.their_no AS key, g.their_no, g.our_no, g.related_no, g.line_no, t.amount_fen AS ours_fen,
        g.amount_fen AS theirs_fen, NULL::bigint AS fee_milli, g.state AS note
    FROM good g LEFT JOIN payment_transactions t ON t.transaction_id = 'CB' || g.their_no AND t.channel = 'core_bank'
    WHERE g.related_no = 'in'
), uncollected AS (
    SELECT t.* FROM payment_transactions t WHERE t.channel = 'core_bank' AND t.paid_at >= :begins AND t.paid_at < :ends
    AND NOT EXISTS (SELECT 1 FROM bill_rows r WHERE 'CB' || r.their_no = t.transaction_id AND (r.import_id = :import_id
        OR r.import_id IN (SELECT d.import_id FROM reconciliation_days d WHERE d.channel = 'core_bank')))
), absent AS (
    SELECT t.transfer_no AS number FROM transfers t WHERE t.status = 'succeeded' AND t.completed_at >= :begins
    AND t.completed_at < :ends AND NOT EXISTS (
        SELECT 1 FROM bill_rows r WHERE r.import_id = :import_id AND r.our_no = t.transfer_no)
)"""
    + _ELSEWHERE.format(number="our_no", channel="core_bank")
    + """
SELECT kind, key, their_no, our_no, related_no, line_no, ours_fen, theirs_fen, NULL::bigint AS fee_milli, note
    FROM faulty
UNION ALL SELECT * FROM moved WHERE kind IS NOT NULL
UNION ALL SELECT * FROM collected WHERE kind IS NOT NULL
UNION ALL SELECT 'missing_there', t.transaction_id, substr(t.transaction_id, 3), t.out_trade_no, 'in', NULL,
    t.amount_fen, NULL, NULL, t.disposition FROM uncollected t
UNION ALL SELECT 'missing_there', coalesce(t.bank_serial, t.transfer_no), t.bank_serial, t.transfer_no, '', NULL,
    t.amount_fen, NULL, NULL, t.status FROM transfers t JOIN absent a ON a.number = t.transfer_no
    WHERE a.number NOT IN (SELECT number FROM elsewhere)"""
)
RULES = {"wechat_trade": WECHAT_TRADE, "wechat_funds": WECHAT_FUNDS, "core_bank": CORE_BANK}
SUMS = """
SELECT count(*), coalesce(sum(amount_fen) FILTER (WHERE {incoming}), 0),
    coalesce(sum(amount_fen) FILTER (WHERE {outgoing}), 0), coalesce(sum(round(fee_milli / 1000.0)) FILTER (WHERE
    NOT EXISTS (SELECT 1 FROM bill_differences b WHERE b.channel = 'wechat_trade' AND b.line_no = r.line_no
    AND b.day = :day AND b.status <> 'gone' AND b.kind IN ('fee', 'duplicate', 'foreign_merchant', 'unknown'))), 0)
FROM bill_rows r WHERE r.import_id = :import_id"""
WAYS = {
    "wechat_trade": ("kind = 'payment'", "kind = 'refund'"),
    "wechat_funds": ("state = 'in'", "state = 'out'"),
    "core_bank": ("related_no = 'in'", "related_no = 'out'"),
}
