-- Every loan of the chunk, in the order of its key: a payment of one of them waits, or we wait for it, and from here on
-- nothing that this transaction reads of them changes. Answers how many there are, and whose interest period ends.
SELECT count(*) AS loans, array_agg(id) FILTER (WHERE period_end_on <= :opens_on) AS ending FROM (
    SELECT id, period_end_on FROM loans
    WHERE id BETWEEN :first_id AND :last_id AND accrued_through_on < :day
        AND status IN ('active', 'overdue', 'written_off') AND (status <> 'written_off' OR keeps_accruing)
    ORDER BY id
    FOR NO KEY UPDATE
) held
