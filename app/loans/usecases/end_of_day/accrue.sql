-- The day of a chunk in one statement: interest and penalty as they stand when the next day opens, lateness, class; what
-- that changes in the book, summed by product and partner; the chunk's mark. Answers the loans somebody is told about.
-- `domain.earned`, `domain.arrears` and `engine.asset_classes` say the same in Python; tests compare the two.
WITH standing AS MATERIALIZED (
    SELECT o.id, o.product_code, o.partner_id, o.accruing, o.status, o.asset_class, o.next_due_on,
        o.accrued_interest_fen, o.paid_interest_fen, o.accrued_penalty_fen, o.paid_penalty_fen,
        o.interest_before_fen + CASE
            WHEN :opens_on >= o.period_end_on THEN o.period_interest_fen
            ELSE least(o.period_interest_fen, div(earned.twice + passed.year, 2 * passed.year)::bigint - CASE
                WHEN o.plan_options IS NULL OR o.plan_options ->> 'rounding' IS DISTINCT FROM 'half_even' THEN 0
                WHEN mod(earned.twice + passed.year, 2 * passed.year) = 0 -- exactly half a fen: to the even neighbour
                    THEN mod(div(earned.twice + passed.year, 2 * passed.year), 2)::bigint
                ELSE 0 END)
        END AS interest_fen,
        CASE WHEN late.days > 0 THEN (
            SELECT coalesce(sum(
                round((i.overdue_principal_days + CASE WHEN :opens_on - i.due_on > o.grace_days
                    THEN (i.principal_fen - i.paid_principal_fen)
                        * greatest(0, :opens_on - coalesce(i.overdue_counted_on, i.due_on))
                    ELSE 0 END) * coalesce(i.penalty_rate, o.penalty_rate) / 360)
                + CASE WHEN o.compound_penalty THEN
                    round((i.overdue_interest_days + CASE WHEN :opens_on - i.due_on > o.grace_days
                        THEN (i.interest_fen - i.paid_interest_fen)
                            * greatest(0, :opens_on - coalesce(i.overdue_counted_on, i.due_on))
                        ELSE 0 END) * coalesce(i.penalty_rate, o.penalty_rate) / 360)
                ELSE 0 END - i.waived_penalty_fen - i.waived_compound_fen), 0)::bigint
            FROM loan_instalments i
            WHERE i.loan_id = o.id AND i.status <> 'replaced' AND i.due_on < :opens_on
        ) ELSE o.accrued_penalty_fen END AS penalty_fen,
        late.days,
        o.status <> 'written_off' AS on_balance, -- what is written off stays a loss, its claim grows off the balance sheet
        CASE WHEN late.days > :income_stops_above OR o.status = 'written_off' THEN false WHEN late.days = 0 THEN true
            ELSE o.accruing
        END AS accrues,
        CASE WHEN o.status = 'written_off' THEN o.asset_class
            ELSE greatest(CASE WHEN late.days > :loss_above THEN 5 WHEN late.days > :doubtful_above THEN 4
                WHEN late.days > :substandard_above THEN 3 WHEN late.days > :special_mention_above THEN 2 ELSE 1
                END, CASE WHEN o.observed_until > :opens_on THEN o.class_floor END)
        END AS suggested
    FROM loans o
    CROSS JOIN LATERAL (SELECT CASE
        WHEN o.next_due_on IS NOT NULL AND :opens_on - o.next_due_on > o.grace_days THEN :opens_on - o.next_due_on
        ELSE 0 END AS days) late
    CROSS JOIN LATERAL (SELECT -- half-up(principal × rate × days ÷ year), the year as the loan counts it
        CASE o.day_count WHEN 'act/365' THEN 365 WHEN 'act/act' THEN 365 * 366 ELSE 360 END AS year,
        CASE WHEN o.day_count <> 'act/act' THEN greatest(0, :opens_on - o.period_start_on)
            ELSE greatest(0, :opens_on - o.period_start_on) * 366 - (
                SELECT coalesce(sum(least(:opens_on, make_date(y, 12, 31))
                    - greatest(o.period_start_on, make_date(y - 1, 12, 31))), 0)
                FROM generate_series(extract(year FROM o.period_start_on)::integer,
                    extract(year FROM CAST(:opens_on AS date))::integer) AS y
                WHERE o.period_start_on < :opens_on AND make_date(y, 12, 31) - make_date(y - 1, 12, 31) = 366
            )
        END AS days) passed
    CROSS JOIN LATERAL (SELECT 2 * (o.period_carried + o.period_principal_fen * o.annual_rate * passed.days) AS twice
        ) earned
    WHERE o.id BETWEEN :first_id AND :last_id
        AND o.status IN ('active', 'overdue', 'written_off') AND (o.status <> 'written_off' OR o.keeps_accruing)
        AND o.accrued_through_on < :day
), changed AS (
    UPDATE loans l SET
        accrued_interest_fen = s.interest_fen,
        accrued_penalty_fen = s.penalty_fen,
        accruing = s.accrues,
        status = CASE WHEN NOT s.on_balance THEN 'written_off' WHEN s.days > 0 THEN 'overdue' ELSE 'active' END,
        asset_class = greatest(s.asset_class, s.suggested),
        accrued_through_on = :day
    FROM standing s
    WHERE l.id = s.id
        AND l.id BETWEEN :first_id AND :last_id -- said twice: else each chunk reads the whole table to find its loans
    RETURNING l.id, l.product_code, l.partner_id,
        CASE WHEN s.on_balance THEN
            CASE WHEN s.accrues THEN s.interest_fen ELSE least(s.interest_fen, s.paid_interest_fen) END
            - CASE WHEN s.accruing THEN s.accrued_interest_fen
                ELSE least(s.accrued_interest_fen, s.paid_interest_fen) END
        ELSE 0 END AS interest_income_fen,
        CASE WHEN s.on_balance THEN greatest(0, s.paid_interest_fen - s.interest_fen)
            - greatest(0, s.paid_interest_fen - s.accrued_interest_fen) ELSE 0 END AS interest_ahead_fen,
        CASE WHEN s.on_balance THEN
            CASE WHEN s.accrues THEN s.penalty_fen ELSE least(s.penalty_fen, s.paid_penalty_fen) END
            - CASE WHEN s.accruing THEN s.accrued_penalty_fen
                ELSE least(s.accrued_penalty_fen, s.paid_penalty_fen) END
        ELSE 0 END AS penalty_income_fen,
        CASE WHEN s.on_balance THEN greatest(0, s.paid_penalty_fen - s.penalty_fen)
            - greatest(0, s.paid_penalty_fen - s.accrued_penalty_fen) ELSE 0 END AS penalty_ahead_fen,
        CASE WHEN s.accrues THEN 0 ELSE greatest(0, s.interest_fen - s.paid_interest_fen)
                + greatest(0, s.penalty_fen - s.paid_penalty_fen) END
            - CASE WHEN s.accruing THEN 0 ELSE greatest(0, s.accrued_interest_fen - s.paid_interest_fen)
                + greatest(0, s.accrued_penalty_fen - s.paid_penalty_fen) END AS off_balance_fen,
        s.status AS from_status, l.status AS to_status, s.asset_class AS from_class, s.suggested AS to_class,
        s.days AS overdue_days, l.next_due_on, l.customer_id, l.application_id, l.order_id,
        hash_record_extended(ROW(l.id, l.status, l.outstanding_principal_fen, l.accrued_interest_fen,
            l.paid_interest_fen, l.accrued_penalty_fen, l.paid_penalty_fen, l.accruing, l.next_due_on, l.asset_class,
            l.accrued_through_on), 0) AS mark
), counted AS (
    INSERT INTO end_of_day_sums (id, day, number, product_code, partner_id, interest_income_fen, interest_ahead_fen,
        penalty_income_fen, penalty_ahead_fen, off_balance_fen)
    SELECT gen_random_uuid(), :day, :number, product_code, partner_id, sum(interest_income_fen),
        sum(interest_ahead_fen), sum(penalty_income_fen), sum(penalty_ahead_fen), sum(off_balance_fen)
    FROM changed GROUP BY product_code, partner_id
), done AS (
    UPDATE end_of_day_chunks SET done_at = :now, loans = total.loans, digest = total.digest
    FROM (SELECT count(*) AS loans, coalesce(sum(mark::numeric), 0) AS digest FROM changed) total
    WHERE day = :day AND number = :number
)
SELECT id, partner_id, customer_id, application_id, order_id, from_status, to_status, from_class, to_class,
    overdue_days, next_due_on
FROM changed
WHERE from_status <> to_status OR from_class <> to_class
    OR next_due_on = :opens_on OR next_due_on = :opens_on + :due_soon_days
ORDER BY id
