-- Where an interest period ends by the day that opens, the next one begins: its start, end, planned interest, the
-- principal that bears it, and all interest planned before. However far it lies behind, one look finds the right one.
UPDATE loans l SET
    period_start_on = coalesce(coming.interest_from_on, past.due_on, o.start_on),
    period_end_on = coalesce(coming.due_on, DATE '9999-12-31'),
    period_principal_fen = o.principal_fen - past.principal_fen,
    period_interest_fen = coalesce(coming.own_interest_fen, coming.interest_fen, 0),
    interest_before_fen = past.interest_fen,
    period_carried = 0
FROM loans o
CROSS JOIN LATERAL (
    SELECT max(i.due_on) AS due_on,
        coalesce(sum(i.principal_fen + i.waived_principal_fen), 0)::bigint AS principal_fen,
        coalesce(sum(coalesce(i.own_interest_fen - i.waived_interest_fen, i.interest_fen)), 0)::bigint AS interest_fen
    FROM loan_instalments i
    WHERE i.loan_id = o.id AND i.status <> 'replaced' AND i.due_on <= :opens_on
) past
LEFT JOIN LATERAL (
    SELECT i.due_on, i.interest_fen, i.interest_from_on, i.own_interest_fen
    FROM loan_instalments i
    WHERE i.loan_id = o.id AND i.status <> 'replaced' AND i.due_on > :opens_on
    ORDER BY i.due_on, i.number
    LIMIT 1
) coming ON true
WHERE o.id = ANY(:ending) AND l.id = o.id
