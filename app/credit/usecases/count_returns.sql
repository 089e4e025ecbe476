-- What was given back under one key leaves its counter; whoever runs this holds the counter's row already.
WITH gone AS (
    DELETE FROM exposure_returns WHERE kind = :kind AND key = :key RETURNING amount_fen
)
UPDATE exposure_counters SET held_fen = held_fen - total.fen
FROM (SELECT sum(amount_fen)::bigint AS fen FROM gone) total
WHERE kind = :kind AND key = :key AND total.fen > 0
