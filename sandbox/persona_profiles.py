"""What makes each persona different, and how a whole persona is built from it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sandbox.persona_codes import resident_id, uscc

MONTHS = 12
INVOICES_A_MONTH = 5
_REGION = "330106"
_BIRTH_REGION = "110101"


@dataclass(frozen=True)
class Profile:
    """A persona in a few words; `bureau` and `tax` replace single fields of the ordinary report."""

    code: str
    title: str
    person: str
    company: str
    monthly_sales_fen: int = 30_000_000
    established_days_ago: int = 2_200
    status: str = "active"
    registry_legal_rep: str = ""
    industry_code: str = "5137"
    sources_down: tuple[str, ...] = ()
    bureau: Mapping[str, Any] = field(default_factory=dict)
    tax: Mapping[str, Any] = field(default_factory=dict)


_MORTGAGE = {"lender_kind": "bank", "balance_fen": 42_000_000, "monthly_payment_fen": 380_000}
_BUSINESS_LOANS = [
    {"lender_kind": "bank", "balance_fen": 260_000_000, "monthly_payment_fen": 9_800_000},
    {"lender_kind": "consumer_finance", "balance_fen": 48_000_000, "monthly_payment_fen": 4_100_000},
    {"lender_kind": "micro_lender", "balance_fen": 35_000_000, "monthly_payment_fen": 3_900_000},
]

PROFILES = (
    Profile("good", "经营良好", "测试林", "测试林记百货商行"),
    Profile(
        "thin_file", "征信白户", "测试白", "测试白云文具店",
        bureau={"credit_file": "thin", "loans": [], "card_limit_fen": 0, "card_used_fen": 0}
        | {"queries_3m": 0, "queries_6m": 0},
    ),
    Profile(
        "overdue_elsewhere", "他行有逾期", "测试迟", "测试迟远五金经营部",
        bureau={"current_overdue_fen": 1_260_000, "overdue_count_24m": 5, "worst_overdue_days_24m": 96},
    ),
    Profile("court_listed", "被执行人", "测试严", "测试严明建材经营部", bureau={"court_listed": True}),
    Profile(
        "young_business", "成立不足一年", "测试新", "测试新苗餐饮店",
        established_days_ago=240, industry_code="6210",
    ),
    Profile("tax_grade_d", "纳税信用 D 级", "测试丁", "测试丁香服饰商行", tax={"grade": "D", "arrears_fen": 3_400_000}),
    Profile("many_queries", "近期查询多", "测试频", "测试频道通讯店", bureau={"queries_3m": 14, "queries_6m": 23}),
    Profile(
        "low_invoices", "开票少", "测试微", "测试微光花店", monthly_sales_fen=400_000,
        tax={"grade": "M", "paid_24m_fen": 90_000, "zero_return_months_12m": 3},
    ),
    Profile("revoked_licence", "执照已吊销", "测试吊", "测试吊兰园艺店", status="revoked"),
    Profile("name_mismatch", "法人不符", "测试异", "测试异彩印刷店", registry_legal_rep="测试他人"),
    Profile("bureau_down", "征信中断", "测试断", "测试断桥茶庄", sources_down=("bureau",)),
    Profile("tax_down", "税务中断", "测试停", "测试停云酒行", sources_down=("tax",)),
    Profile(
        "high_debt", "负债高", "测试重", "测试重山物流行",
        bureau={"loans": _BUSINESS_LOANS, "card_limit_fen": 20_000_000, "card_used_fen": 19_200_000},
    ),
)  # fmt: skip


def build(profile: Profile, number: int, today: date) -> dict[str, Any]:
    """The whole persona document; the same profile, number and day always give the same one."""
    draw = random.Random(profile.code)
    person = {
        "name": profile.person,
        "id_no": resident_id(_BIRTH_REGION, f"19{70 + number:02d}{1 + number % 12:02d}15", 100 + number),
        "phone": f"199{number:04d}{draw.randrange(10**4):04d}",
    }
    invoices = list(_invoices(profile, number, today, draw))
    return {
        "code": profile.code,
        "title": profile.title,
        "person": person,
        "enterprise": _enterprise(profile, number, person, today),
        "wechat": _wechat(profile.code, profile.person),
        "bureau": _bureau(profile),
        "tax": {"tax": _tax(profile, invoices), "invoices": invoices, "flows": _flows(profile, draw)},
        "sources_down": list(profile.sources_down),
    }


def _enterprise(profile: Profile, number: int, person: dict[str, str], today: date) -> dict[str, Any]:
    return {
        "uscc": uscc(_REGION, f"MA2X{number:02d}7T"),
        "name": profile.company,
        "status": profile.status,
        "established_on": (today - timedelta(days=profile.established_days_ago)).isoformat(),
        "industry_code": profile.industry_code,
        "region_code": _REGION,
        "legal_rep_name": profile.registry_legal_rep or person["name"],
        "legal_rep_id_no_sha256": hashlib.sha256(
            (person["id_no"] if not profile.registry_legal_rep else "somebody else").encode()
        ).hexdigest(),
    }


def _wechat(code: str, nickname: str) -> dict[str, str]:
    def opaque(app: str) -> str:
        digest = hashlib.sha256(f"{app}:{code}".encode()).hexdigest()
        return f"o{digest[:27]}"

    return {
        "mini_openid": opaque("mini"),
        "h5_openid": opaque("h5"),
        "unionid": opaque("union"),
        "nickname": nickname,
    }


def _bureau(profile: Profile) -> dict[str, Any]:
    ordinary: dict[str, Any] = {
        "credit_file": "full",
        "current_overdue_fen": 0,
        "overdue_count_24m": 0,
        "worst_overdue_days_24m": 0,
        "queries_3m": 1,
        "queries_6m": 2,
        "card_limit_fen": 8_000_000,
        "card_used_fen": 1_900_000,
        "loans": [_MORTGAGE],
        "court_listed": False,
        "sanctioned": False,
    }
    return ordinary | dict(profile.bureau)


def _tax(profile: Profile, invoices: list[dict[str, Any]]) -> dict[str, Any]:
    sales = sum(invoice["amount_fen"] * (1 if invoice["kind"] == "blue" else -1) for invoice in invoices)
    ordinary: dict[str, Any] = {
        "grade": "B",
        "paid_24m_fen": sales * 2 * 3 // 100,
        "vat_sales_12m_fen": sales,
        "zero_return_months_12m": 0,
        "arrears_fen": 0,
    }
    return ordinary | dict(profile.tax)


def _flows(profile: Profile, draw: random.Random) -> dict[str, Any]:
    monthly = [profile.monthly_sales_fen * draw.randint(80, 115) // 100 for _ in range(MONTHS)]
    return {"monthly_inflow_fen": monthly, "round_trip_share_bps": 300}


def _invoices(profile: Profile, number: int, today: date, draw: random.Random) -> Iterator[dict[str, Any]]:
    """A year of sales to eight buyers, oldest first, and one red invoice that takes a small sale back."""
    months = min(MONTHS, profile.established_days_ago // 30)
    count = months * INVOICES_A_MONTH
    for place in range(count):
        red = place == count // 2
        share = draw.randint(80, 120)
        amount_fen = profile.monthly_sales_fen * share // 100 // INVOICES_A_MONTH
        issued_on = today - timedelta(days=1 + (count - 1 - place) * 6)
        yield {
            "number": f"26{_REGION[:2]}{number:04d}{place:012d}",
            "issued_on": issued_on.isoformat(),
            "amount_fen": amount_fen // 20 if red else amount_fen,
            "buyer_ref": f"buyer-{1 + draw.randrange(8)}",
            "kind": "red" if red else "blue",
        }
