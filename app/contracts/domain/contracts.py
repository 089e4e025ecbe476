"""Contracts: their states, their text filled with what was agreed, and the facts that refuse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.contracts.domain.agreements import Agreement, Lender, Parties
from app.contracts.domain.floating import words_of
from app.engine.uppercase import uppercase
from app.kernel.errors import Conflict, NotFound, Unavailable
from app.kernel.money import format_yuan

LOAN_CONTRACT, FLOATING_CONTRACT = "loan_contract", "loan_contract_floating"
SIGN_PURPOSE = "sign_contract"
CONTRACT_STATES = {
    ("draft", "present"): "presented",
    ("draft", "void"): "void",
    ("presented", "void"): "void",
    ("presented", "customer_signs"): "customer_signed",
    ("customer_signed", "bank_seals"): "sealed",
}
METHODS = {"equal_instalment": "等额本息", "equal_principal": "等额本金"}
PURPOSES = {"goods": "采购商品", "materials": "采购原材料", "equipment": "采购设备", "working_capital": "日常经营周转"}


class ContractUnknown(NotFound):
    code = "contract.not_found"


class CostsNotConfirmed(Conflict):
    """The cost sheet of exactly these terms was not confirmed, or was confirmed too long ago."""

    code = "contract.costs_not_confirmed"


class ContractNotRead(Conflict):
    """The document was never fetched: it must be shown before it is signed."""

    code = "contract.not_read"


class CostsReplaced(Conflict):
    """Another cost sheet was shown since this contract was made: confirm that one and make the contract anew."""

    code = "contract.costs_replaced"


class CostsExpired(Conflict):
    """The cost sheet was confirmed too long ago: ask for a fresh one, confirm it and make the contract anew."""

    code = "contract.costs_expired"


class DocumentMismatch(Conflict):
    """The hash sent back is not that of the document to be signed: show it again."""

    code = "contract.document_mismatch"


class ContractBinding(Conflict):
    """The contract is signed; it cannot be put aside any more."""

    code = "contract.binding"


class RenderingFailed(Unavailable):
    """The document could not be made; nothing was changed."""

    code = "contract.rendering_failed"


def percent(rate: Decimal) -> str:
    """`0.0600` → `6.00%`."""
    return f"{rate * 100:.2f}%"


def chinese_day(day: str) -> str:
    """`2026-11-23` → `2026 年 11 月 23 日`."""
    year, month, date = (int(part) for part in day.split("-"))
    return f"{year} 年 {month} 月 {date} 日"


def words(agreement: Agreement, lender: Lender, parties: Parties, number: str) -> dict[str, str]:
    """What the clauses' `{names}` stand for."""
    first = agreement.plan().instalments[0]
    return {
        "number": number,
        "lender": lender.name,
        "service_phone": lender.service_phone,
        "complaint_phone": lender.complaint_phone,
        "borrower": parties.enterprise_name,
        "product": agreement.product_name["zh"],
        "principal": format_yuan(agreement.principal_fen),
        "principal_uppercase": uppercase(agreement.principal_fen),
        "annual_rate": percent(agreement.annual_rate),
        "lpr": percent(agreement.lpr_1y),
        "added_bps": str(agreement.added_bps),
        "overdue_rate": percent(agreement.overdue_rate),
        "misuse_rate": percent(agreement.misuse_rate),
        "term_months": str(agreement.term_months),
        "method": METHODS[agreement.method],
        "purpose": PURPOSES[agreement.purpose],
        "forbidden_uses": agreement.forbidden_uses["zh"],
        "first_due_on": chinese_day(first.due_on.isoformat()),
        "payee_account_name": parties.payee_account_name or "借款人本人经营账户",
        "payee_account_no": parties.payee_account_no or "—",
        "made_on": chinese_day(agreement.start_on.isoformat()),
        **words_of(agreement.repricing),
    }


def text_kind(agreement: Agreement) -> str:
    """Which text is filled in: a rate that follows the LPR has a text of its own."""
    return FLOATING_CONTRACT if agreement.repricing else LOAN_CONTRACT


def fill(text: Mapping[str, Any], filling: Mapping[str, str]) -> dict[str, Any]:
    """The text of a version with every `{name}` replaced; a name that is unknown raises KeyError."""
    return {
        "title": text["title"],
        "intro": [one.format(**filling) for one in text["intro"]],
        "clauses": [
            {
                "heading": clause["heading"],
                "paragraphs": [one.format(**filling) for one in clause["paragraphs"]],
                "emphasised": clause.get("emphasised", False),
            }
            for clause in text["clauses"]
        ],
    }


def emphasised(text: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clauses that must be pointed out before signing (Civil Code art. 496)."""
    return [
        {"heading": clause["heading"], "paragraphs": clause["paragraphs"]}
        for clause in text["clauses"]
        if clause["emphasised"]
    ]


def evidence_sha256(evidence: Mapping[str, Any]) -> str:
    """The digest of the evidence package, which the bank's seal names."""
    whole = json.dumps(evidence, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
