"""What the seller has sold: an invented past year, and the orders that were really paid here."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.context import World
from sandbox.shop import orders
from sandbox.shop.rendering import SHANGHAI
from sandbox.store import Document

# Sales of an ordinary year, January to December, in fen: quiet around the Spring Festival, busy before it.
USUAL_YEAR_FEN = (
    31_648_000, 17_902_000, 26_351_000, 28_840_000, 30_127_500, 33_469_000,
    35_210_000, 34_086_500, 31_955_000, 29_774_000, 36_482_000, 41_360_000,
)  # fmt: skip
MONTHS = 12


@dataclass(frozen=True)
class MonthOfSales:
    """Sales of one month; `height` is its share of the best month in thousandths, for the chart."""

    year: int
    month: int
    amount_fen: int
    order_count: int
    is_running: bool
    height: int = 0


def monthly_sales(world: World) -> list[MonthOfSales]:
    """The last twelve months, oldest first; the running one counts its days so far and every order paid here."""
    today = world.now().astimezone(SHANGHAI).date()
    paid = [order for order in world.store.find(orders.KIND, state="paid") if order["paid_at"]]
    months = [_month(today, back, paid) for back in range(MONTHS - 1, -1, -1)]
    best = max(month.amount_fen for month in months)
    return [
        MonthOfSales(m.year, m.month, m.amount_fen, m.order_count, m.is_running, m.amount_fen * 1000 // best)
        for m in months
    ]


def _month(today: date, back: int, paid: list[Document]) -> MonthOfSales:
    year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
    month += 1
    usual_fen = USUAL_YEAR_FEN[month - 1]
    if back == 0:
        usual_fen = usual_fen * today.day // monthrange(year, month)[1] // 100 * 100
    here = [order for order in paid if _paid_month(order) == (year, month)]
    amount_fen = usual_fen + sum(order["amount_fen"] for order in here)
    # The invented part counts an order for every 8,000 yuan.
    return MonthOfSales(year, month, amount_fen, usual_fen // 800_000 + len(here), is_running=back == 0)


def _paid_month(order: Document) -> tuple[int, int]:
    paid_on = datetime.fromisoformat(order["paid_at"]).astimezone(SHANGHAI).date()
    return paid_on.year, paid_on.month
