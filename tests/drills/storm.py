"""Many payments told at once to a system of the drill's own: orders by the hundred, and WeChat Pay that repeats."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import psycopg
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import clock, db
from app.loans.models import Loan
from app.loans.usecases import repayments
from launcher.valkey import Valkey
from tests.attacks.forged import Forger, Order
from tests.drills.patient import Keeper
from tests.drills.wire import Wire
from tests.factories import loans
from tests.factories.loan_book import draw_loans, fill
from tests.servers import TestServers
from tests.settings import write_bank_secrets
from tests.stack import Stack

LINES = 16  # notices on their way at the same time
PATIENCE_S = 300.0
PAYER = "o" + "p" * 27
BULK = """
INSERT INTO payment_orders (id, purpose, reference_id, customer_id, out_trade_no, appid, pay_by, description,
    amount_fen, status, expires_at, created_at)
SELECT gen_random_uuid(), 'drill', gen_random_uuid(), gen_random_uuid(), %(prefix)s || lpad(n::text, 20, '0'),
    %(appid)s, 'native', 'drill', 100 + n, 'prepaid', now() + interval '1 hour', now()
FROM generate_series(1, %(count)s::integer) AS n RETURNING out_trade_no, amount_fen
"""
LEFT = {
    "credited": "SELECT count(*), count(DISTINCT transaction_id), count(DISTINCT out_trade_no)"
    " FROM payment_transactions WHERE disposition = 'credited' AND out_trade_no = ANY(%(numbers)s)",
    "not credited": "SELECT out_trade_no, disposition, reason FROM payment_transactions"
    " WHERE disposition <> 'credited' AND out_trade_no = ANY(%(numbers)s)",
    "paid": "SELECT count(*) FROM payment_orders WHERE status = 'paid' AND out_trade_no = ANY(%(numbers)s)",
    "told": "SELECT count(*), count(DISTINCT e.subject_id) FROM outbox_events e JOIN payment_orders o"
    " ON o.id = e.subject_id WHERE e.name = 'payment.succeeded' AND o.out_trade_no = ANY(%(numbers)s)",
    "steps": "SELECT count(*), count(DISTINCT c.subject_id) FROM state_changes c JOIN payment_orders o"
    " ON o.id = c.subject_id WHERE c.to_status = 'paid' AND o.out_trade_no = ANY(%(numbers)s)",
    "booked": "SELECT count(*), count(DISTINCT r.id) FROM repayments r JOIN payment_orders o ON o.reference_id = r.id"
    " JOIN journals j ON j.key = 'repayment:' || r.id WHERE r.status = 'applied'"
    " AND o.out_trade_no = ANY(%(numbers)s)",
}


@contextmanager
def _session(url: str) -> Iterator[Session]:
    engine = db.make_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with sessionmaker(bind=engine, expire_on_commit=False)() as session:
        yield session
    engine.dispose()


class Storm:
    """A stack whose database hangs on a wire and whose Redis is its own; both may be broken without harm to others."""

    def __init__(
        self, folder: Path, servers: TestServers, database: tuple[str, str], loan_count: int, book: int
    ) -> None:
        """`loan_count` loans to repay, and a book of `book` more of which three days are not closed yet."""
        behind = clock.today() - timedelta(days=3)
        fill(database[1], draw_loans(book, day=behind, seed=5), day=behind)
        self._loans = iter(self._make_loans(database[0], loan_count))
        self.redis = Valkey(servers.state / "storm", servers.valkey.binary)
        self.wire = Wire(database[0])
        self.stack = Stack(folder, servers, database)
        self.stack.redis_url = self.redis.url
        self.stack.extra |= {"DATABASE_URL": self.wire.url, "DUKOU_CRASH_POINTS": str(folder / "points")}
        self.stack.patience_s = PATIENCE_S
        self.keeper = Keeper(self.stack, folder / "points")

    def __enter__(self) -> Storm:
        write_bank_secrets(self.stack.folder / "secrets.json")
        self.redis.start()
        self.stack.__enter__()
        self.keeper.__enter__()
        self.forger = Forger(self.stack)
        self.appid = str(self.stack.sandbox.world["wechat"]["mini"]["appid"])
        return self

    def __exit__(self, *_: object) -> None:
        self.keeper.__exit__()
        self.stack.__exit__()
        self.wire.close()
        self.redis.stop()

    def orders(self, count: int, prefix: str) -> list[Order]:
        """Orders that wait for their money, for nothing in particular."""
        asked = {"prefix": prefix, "appid": self.appid, "count": count}
        with psycopg.connect(self.stack.owner_url) as connection:
            rows = connection.execute(BULK, asked).fetchall()
        return [Order(number, self.appid, amount_fen, PAYER) for number, amount_fen in rows]

    @staticmethod
    def _make_loans(url: str, count: int) -> list[Loan]:
        """Made before anybody listens: no worker takes up what the factory is still about."""
        with _session(url) as session:
            return [loans.active_loan(session, loans.make_borrower(session)) for _ in range(count)]

    def repayments(self, count: int) -> list[Order]:
        """Orders of repayments of loans of the demo's partner, each of a loan and a customer of its own."""
        made = []
        self.stack.change("UPDATE loans SET partner_id = (SELECT partner_id FROM webhook_endpoints LIMIT 1)"
                          " WHERE loan_no NOT LIKE 'T%'")  # fmt: skip
        with _session(self.stack.database_url) as session:
            for loan in islice(self._loans, count):
                way = repayments.Way("native", self.appid)
                about = {"repayment_id": loan.application_id, "customer_id": loan.customer_id, "loan_id": loan.id}
                _, order = repayments.open_repayment(session, **about, kind="instalment", way=way)
                session.commit()
                made.append(Order(order.out_trade_no, self.appid, order.amount_fen, PAYER))
        return made

    def post(self, told: dict[str, Any]) -> int:
        """One attempt of WeChat Pay: an id, a time and a nonce of its own; 0 when there was no answer."""
        body = self.forger.envelope(told)
        try:
            return self.forger.post(body, self.forger.signed(body)).status_code
        except httpx.TransportError:
            return 0

    def tell(self, told: dict[str, Any]) -> Counter[int]:
        """Repeat as WeChat Pay does, only sooner, until it was taken; answers all that was answered."""
        answers: Counter[int] = Counter()
        deadline = time.monotonic() + PATIENCE_S
        while not answers[204]:
            assert time.monotonic() < deadline, f"never taken: {answers}\n{self.stack.tail()}"
            answers[self.post(told)] += 1
            if not answers[204]:
                time.sleep(0.1)
        return answers

    def tell_all(self, notices: Sequence[dict[str, Any]]) -> Counter[int]:
        """All of them, sixteen at the same time."""
        with ThreadPoolExecutor(LINES) as pool:
            return sum(pool.map(self.tell, notices), Counter())

    def at_a_rate(self, notices: Sequence[dict[str, Any]], per_second: float) -> list[tuple[int, float]]:
        """Each at its moment, whatever the others do: (status, seconds since its moment)."""
        started = time.monotonic()

        def one(place: int) -> tuple[int, float]:
            due = started + place / per_second
            time.sleep(max(0.0, due - time.monotonic()))
            return self.post(notices[place]), time.monotonic() - due

        with ThreadPoolExecutor(64) as pool:
            return list(pool.map(one, range(len(notices))))

    def left(self, orders: Sequence[Order]) -> dict[str, list[tuple[object, ...]]]:
        """What the notices of these orders brought about."""
        asked = {"numbers": [order.out_trade_no for order in orders]}
        return {name: self.stack.query(sql, asked) for name, sql in LEFT.items()}

    def wait_for_jobs(self) -> None:
        """Until every payment that was credited is where it belongs."""
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %(task)s AND status <> 'succeeded'"
        task = {"task": "loans.apply_payment"}
        self.stack.until(lambda: self.stack.query(waiting, task) == [(0,)], "every payment is applied")

    def credited_once(self, orders: Sequence[Order], loans_among: int = 0) -> None:
        """Each order is paid, by one credit, told once, and booked once where it is of a loan."""
        self.wait_for_jobs()
        count = len(orders)
        assert self.left(orders) == {
            "credited": [(count, count, count)],
            "not credited": [],
            "paid": [(count,)],
            "told": [(count, count)],
            "steps": [(count, count)],
            "booked": [(loans_among, loans_among)],
        }


def shuffled(told: Sequence[dict[str, Any]], copies: int, seed: int) -> list[dict[str, Any]]:
    """Each so often, in any order."""
    drawn = [one for one in told for _ in range(copies)]
    random.Random(seed).shuffle(drawn)
    return drawn
