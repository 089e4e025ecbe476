"""What the routes of applications share: how applications, decisions, sheets and contracts are shown to their owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.contracts.domain.agreements import Lender
from app.contracts.domain.cost_sheets import is_fresh
from app.contracts.queries import ContractView, CostSheetView
from app.credit import queries
from app.credit.queries import ApplicationView, DecisionView
from app.kernel import clock
from config.settings import current

BANK, CUSTOMER = "bank", "customer"
NEXT_STEPS = {
    "submitted": ("wait_decision", BANK),
    "deciding": ("wait_decision", BANK),
    "waiting_data": ("wait_source", BANK),
    "approved": ("confirm_costs", CUSTOMER),
    "declined": ("improve", CUSTOMER),
    "signing": ("sign_contract", CUSTOMER),
    "effective": ("wait_drawdown", BANK),
    "drawn": ("repay", CUSTOMER),
}


def lender() -> Lender:
    """The bank as its papers name it."""
    bank = current().bank
    return Lender(
        bank.name, bank.service_phone, bank.complaint_phone, bank.english_name, bank.mark.svg, bank.brand_color
    )


def application_row(session: Session, application: ApplicationView) -> dict[str, Any]:
    """An application in a list."""
    terms = queries.product_version(session, application.product_version_id).terms
    kind, who = NEXT_STEPS.get(application.status, ("none", BANK))
    return {
        **vars(application),
        "product_name": terms.name,
        "payee_name": application.payee.name if application.payee else None,
        "pays_order": application.order_id is not None,
        "next_step": {"kind": kind, "who": who},
    }


def application_detail(session: Session, application: ApplicationView) -> dict[str, Any]:
    """An application with everything that belongs to it."""
    row = application_row(session, application)
    sheet = contracts.current_cost_sheet(session, application_id=application.application_id)
    contract = contracts.current_contract(session, application_id=application.application_id)
    decision = queries.decision(session, application.application_id)
    if application.status in ("approved", "signing"):
        row["next_step"] = _signing_step(sheet, contract)
    waiting = application.status == "waiting_data"
    asked = queries.sources(session, application.application_id) if waiting else ()
    return {
        **row,
        "timeline": queries.timeline(session, application.application_id),
        "waiting_for": [one.source for one in asked if one.state == "asked"],
        "decision": decision_row(decision) if decision else None,
        "review": queries.review_of(session, application.application_id),
        "cost_sheet": sheet,
        "contract": contract_row(session, contract) if contract else None,
    }


def _signing_step(sheet: CostSheetView | None, contract: ContractView | None) -> dict[str, str]:
    """What is left to do before both have signed: costs that are over or replaced are confirmed anew first."""
    if contract and contract.status == "customer_signed":
        return {"kind": "wait_seal", "who": BANK}
    if sheet is None or not is_fresh(sheet.confirmed_at, clock.now()):
        return {"kind": "confirm_costs", "who": CUSTOMER}
    if contract is None or contract.cost_sheet_id != sheet.cost_sheet_id or contract.status == "draft":
        return {"kind": "prepare_contract", "who": CUSTOMER}
    return {"kind": "sign_contract", "who": CUSTOMER}


def decision_row(decision: DecisionView) -> dict[str, Any]:
    """A decision as the customer sees it: the price only with an approval."""
    outcome: Mapping[str, Any] = decision.outcome
    approved = decision.approved
    return {
        "outcome": outcome["outcome"],
        "all_in_annual_rate": outcome["all_in_annual_rate"] if approved else None,
        "annual_rate": outcome["price"]["annual_rate"] if approved else None,
        "amount_fen": outcome["amount_fen"],
        "limit_fen": outcome["limit"]["available_fen"] if approved else 0,
        "reasons": outcome["reasons"],
        "drivers": outcome["adverse"] if approved else [],
        "rule_version": decision.rule_version,
        "record_sha256": decision.digest,
        "decided_at": decision.decided_at,
    }


def contract_row(session: Session, contract: ContractView) -> dict[str, Any]:
    """A contract with the clauses to point out and where its document is."""
    path = f"/customer/v1/applications/{contract.application_id}/contracts/{contract.contract_id}/document"
    return {
        **vars(contract),
        "all_in_annual_rate": str(contract.all_in_annual_rate),
        "agreement": contract.agreement.as_json(),
        "emphasised": contracts.emphasised_clauses(session, contract_id=contract.contract_id),
        "document_path": path,
    }
