"""Ten thousand invented businesses decided in one run: the same seed gives the same digest; the spread is printed.

`python bench/businesses.py [--count 10000] [--seed 1]`. Nothing here is a real business, and the shares say nothing
about any bank: they show whether the rules spread, and how long a decision takes beside the bare reading of JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.credit.domain.cases import Case, Outcome, canonical, without_words
from app.credit.domain.collecting import Known, collect
from app.credit.domain.decisions import decide
from app.credit.domain.products import ProductTerms
from app.credit.domain.rules import RuleSet

SEEDS = Path(__file__).parents[1] / "migrations" / "seeds"
DAY = date(2026, 11, 23)
REPORTED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC).isoformat()
ID_NO = "110105{born:%Y%m%d}0011"


@dataclass(frozen=True)
class Run:
    """What one run gave."""

    outcomes: tuple[Outcome, ...]
    digest: str
    seconds: float


def rules() -> tuple[RuleSet, ProductTerms]:
    """The rules and the product that a fresh database has."""
    product = json.loads((SEEDS / "product_order_instalments_2026_1.json").read_text(encoding="utf-8"))
    body = json.loads((SEEDS / "rule_set_2026_11.json").read_text(encoding="utf-8"))
    return RuleSet.parse(body), ProductTerms.parse("order_instalments", "2026.1", product)


def businesses(count: int, seed: int) -> Iterator[Case]:
    """Invented businesses of every size, most of them sound; each from the reports its sources would give."""
    draw = random.Random(seed)
    for _ in range(count):
        yield _case(draw)


def run(count: int, seed: int) -> Run:
    """Decide on all of them; the digest is over every outcome in its order, not over its words."""
    deciding, product = rules()
    whole, outcomes = hashlib.sha256(), []
    began = time.perf_counter()
    for case in businesses(count, seed):
        outcome = decide(case, deciding, product)
        whole.update(canonical(without_words(outcome.as_json())).encode())
        outcomes.append(outcome)
    return Run(tuple(outcomes), whole.hexdigest(), time.perf_counter() - began)


def _case(draw: random.Random) -> Case:
    """`weak`: how badly the business stands, from 0 to 1 with most near 0; all its figures lean on it."""
    size = 10 ** draw.uniform(6.2, 8.3)  # receipts a month in fen: from 16,000 to 2 million yuan
    weak = draw.random() ** 2.5
    born = DAY - timedelta(days=draw.randint(24 * 365, 64 * 365 if draw.random() < 0.97 else 75 * 365))
    known = Known("测试人", ID_NO.format(born=born), 0, draw.choice((0, 0, 0, 1, 3)))
    reports = {
        "registry": _registry(draw, known, weak),
        "bureau": _bureau(draw, size, weak),
        "tax": _tax(draw, size, weak),
    }
    return Case(
        amount_fen=min(30_000_000, max(100_000, int(size * draw.uniform(0.1, 1.5)) // 100_000 * 100_000)),
        term_months=draw.choice((3, 6, 12, 12)),
        method=draw.choice(("equal_instalment", "equal_principal")),
        whole=draw.random() < 0.7,
        features=collect(reports, known, DAY),
        lpr_1y=Decimal("0.0300"),
        all_in_cap=Decimal("0.2400"),
        decided_on=DAY,
    )


def _happens(draw: random.Random, share: float, weak: float) -> bool:
    """Whether something bad is there: rarely with the strong, up to four times its share with the weak."""
    return draw.random() < share * (0.4 + 3.6 * weak)


def _registry(draw: random.Random, known: Known, weak: float) -> dict[str, Any]:
    whose = hashlib.sha256(known.person_id_no.encode()).hexdigest()
    age_days = int(draw.uniform(300, 14 * 365) * (1 - 0.6 * weak))
    return {
        "status": "revoked" if _happens(draw, 0.01, weak) else "active",
        "established_on": (DAY - timedelta(days=age_days)).isoformat(),
        "industry_code": "7010" if draw.random() < 0.02 else draw.choice(("5137", "5212", "1331", "6513", "6210")),
        "region_code": "310101" if draw.random() < 0.03 else draw.choice(("330106", "330206", "330782")),
        "legal_rep_name": known.person_name,
        "legal_rep_id_no_sha256": whose if draw.random() < 0.99 else "0" * 64,
    }


def _bureau(draw: random.Random, size: float, weak: float) -> dict[str, Any]:
    loans = [
        {
            "balance_fen": int(size * draw.uniform(0.2, 1 + 3 * weak)),
            "monthly_payment_fen": int(size * draw.uniform(0.005, 0.02 + 0.1 * weak)),
        }
        for _ in range(int(draw.random() * (1.5 + 4 * weak)))
    ]
    card_fen = draw.choice((2_000_000, 5_000_000, 20_000_000, 0))
    late = int(draw.random() * 6 * weak)
    return {
        "reported_at": REPORTED,
        "credit_file": "thin" if draw.random() < 0.15 else "full",
        "current_overdue_fen": int(size * 0.02) if _happens(draw, 0.03, weak) else 0,
        "overdue_count_24m": late,
        "worst_overdue_days_24m": late and int(draw.uniform(3, 10 + 90 * weak)),
        "queries_3m": int(draw.random() * (3 + 13 * weak)),
        "queries_6m": 3,
        "card_limit_fen": card_fen,
        "card_used_fen": int(card_fen * draw.random() * (0.4 + 0.6 * weak)),
        "loans": loans,
        "court_listed": _happens(draw, 0.01, weak),
        "sanctioned": draw.random() < 0.002,
    }


def _tax(draw: random.Random, size: float, weak: float) -> dict[str, Any]:
    buyers = draw.randint(4, 40)
    invoices = [
        {
            "number": f"26{place:018d}",
            "issued_on": (DAY - timedelta(days=draw.randint(1, 359))).isoformat(),
            "amount_fen": int(size * 12 / 40 * draw.uniform(0.3, 1.6)),
            "buyer_ref": f"buyer-{draw.randint(1, buyers)}",
            "kind": "red" if _happens(draw, 0.03, weak) else "blue",
        }
        for place in range(0 if _happens(draw, 0.02, weak) else 40)
    ]
    grades = "AABBBBMM" if weak < 0.5 else "BBMMCCCD"
    summary = {
        "grade": draw.choice(grades),
        "paid_24m_fen": int(size * 24 * draw.uniform(0.01, 0.04)),
        "vat_sales_12m_fen": int(size * 12),
        "zero_return_months_12m": int(draw.random() * 5 * weak),
        "arrears_fen": int(size * 0.05) if _happens(draw, 0.02, weak) else 0,
    }
    swing = 0.15 + 0.8 * weak
    monthly = [int(size * draw.uniform(1 - swing, 1 + swing)) for _ in range(12)]
    trips = int(draw.uniform(0, 300 + 3_000 * weak))
    return {
        "reported_at": REPORTED,
        "tax": summary,
        "invoices": invoices,
        "flows": {"monthly_inflow_fen": monthly, "round_trip_share_bps": trips},
    }


def spread(outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """How the outcomes lie: verdicts, grades, first reasons, score and amount by tenths."""
    approved = [one for one in outcomes if one.approved]
    first = Counter(one.reasons[0].code for one in outcomes if not one.approved)
    scores = sorted(one.score for one in outcomes)
    amounts = sorted(one.amount_fen for one in approved)
    return {
        "approved": len(approved),
        "declined": len(outcomes) - len(approved),
        "grades": dict(sorted(Counter(one.grade for one in outcomes).items())),
        "first_reasons": dict(first.most_common()),
        "rates": dict(sorted(Counter(str(one.price.annual_rate) for one in approved).items())),
        "score_tenths": [scores[len(scores) * tenth // 10] for tenth in range(1, 10)],
        "amount_fen_tenths": [amounts[len(amounts) * tenth // 10] for tenth in range(1, 10)] if amounts else [],
    }


def main() -> None:
    """Decide twice and print digest, spread and cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    first, again = (run(arguments.count, arguments.seed) for _ in range(2))
    assert first.digest == again.digest, "the same businesses were decided otherwise"
    print(f"{arguments.count} businesses, seed {arguments.seed}, digest {first.digest}, twice the same")
    for name, value in spread(first.outcomes).items():
        print(f"  {name:18} {value}")
    per_ms = first.seconds / arguments.count * 1_000
    print(f"  {per_ms:.3f} ms a decision with its data made, {again.seconds / first.seconds:.2f} of it the second time")


if __name__ == "__main__":
    main()
