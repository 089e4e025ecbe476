"""Which loans were ever late, and after how many months: one statement over the loans of two years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.loans.domain.vintages import LATE_DAYS, MONTHS, Late

# An instalment was late when the money, or a new plan in its place, came after the day it was LATE_DAYS past due.
FIRST_LATE = text(
    """
    SELECT date_trunc('month', l.start_on)::date AS month, age.months AS months_on_book,
           count(*) AS loans, sum(l.principal_fen)::bigint AS principal_fen
      FROM loans l
      LEFT JOIN LATERAL (
        SELECT min(i.due_on) + CAST(:days AS integer) AS late_on
          FROM loan_instalments i
         WHERE i.loan_id = l.id
           AND i.principal_fen + i.interest_fen > 0
           AND i.due_on + CAST(:days AS integer) <= CAST(:day AS date)
           AND i.due_on + CAST(:days AS integer) < LEAST(
                 COALESCE((i.paid_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity'),
                 COALESCE(i.replaced_on, 'infinity'))
      ) first ON true
      CROSS JOIN LATERAL (
        SELECT (extract(year FROM first.late_on) * 12 + extract(month FROM first.late_on)
              - extract(year FROM l.start_on) * 12 - extract(month FROM l.start_on))::integer AS months
      ) age
     WHERE l.product_code = :product_code
       AND l.start_on >= date_trunc('month', CAST(:day AS date)) - make_interval(months => :months)
     GROUP BY 1, 2
    """
)


def first_lates(session: Session, product_code: str, *, on: date) -> Sequence[Late]:
    """The loans of a product by month of start and by when they first were 30 days late."""
    asked = {"days": LATE_DAYS, "day": on, "product_code": product_code, "months": MONTHS}
    return [Late(*row) for row in session.execute(FIRST_LATE, asked)]
