-- The yardstick of the end of day: the least that accruing interest set by set can be. One range of loans by key, one
-- update of each loan, one sum a product. No lateness, no penalty, no class, no period that ends, no journal, no event,
-- no digest; who runs it commits after each range. bench/end_of_day.py times it beside the product on the same rows.
WITH changed AS (
    UPDATE loans SET
        accrued_interest_fen = interest_before_fen
            + round(period_interest_fen::numeric * (:day - period_start_on) / (period_end_on - period_start_on)),
        accrued_through_on = :day
    WHERE id BETWEEN :first_id AND :last_id AND status IN ('active', 'overdue') AND accrued_through_on < :day
    RETURNING product_code, accrued_interest_fen
)
INSERT INTO yardstick_sums (day, product_code, amount_fen)
SELECT :day, product_code, sum(accrued_interest_fen) FROM changed GROUP BY product_code
