-- Every :chunk open loans by key are one chunk. Loans that begin while the day is being closed are of the next day.
INSERT INTO end_of_day_chunks (day, number, first_id, last_id, loans)
SELECT :day, number, (array_agg(id ORDER BY id))[1], (array_agg(id ORDER BY id DESC))[1], 0
FROM (
    SELECT id, (row_number() OVER (ORDER BY id) - 1) / :chunk AS number
    FROM loans WHERE status IN ('active', 'overdue', 'written_off') AND (status <> 'written_off' OR keeps_accruing)
) placed
GROUP BY number
