"""A customer's estimates: asked for with consent, polled until worked out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from app.credit import queries, schemas, usecases
from app.credit.domain.estimates import Stated
from app.credit.queries import EstimateView
from app.credit.routes.applications import applications
from app.kernel.db import transaction
from app.kernel.web.idempotent import once
from app.kernel.web.polling import polled
from app.kernel.web.principal import customer


@applications.post("/estimates")
@applications.arguments(schemas.EstimateIn)
@applications.response(201, schemas.EstimateOut)
def ask_estimate(body: dict[str, Any]) -> Response:
    """Ask what a business may borrow, without a credit query. 403 `consent.missing`; 429 `estimate.too_many`."""
    who = customer().customer_id
    stated = Stated(body["stated_debt_fen"], body["stated_monthly_payment_fen"])

    def ask(session: Session, estimate_id: UUID) -> dict[str, Any]:
        return estimate_row(
            usecases.open_estimate(
                session,
                estimate_id=estimate_id,
                customer_id=who,
                enterprise_id=body["enterprise_id"],
                product_code=body["product_code"],
                stated=stated,
            )
        )

    return once(ask, schema=schemas.EstimateOut, status=201, body=body)


@applications.get("/estimates/<uuid:estimate_id>")
@applications.response(200, schemas.EstimateOut)
def get_estimate(estimate_id: UUID) -> Response:
    """One estimate; poll every 2 s with If-None-Match until it is worked out."""
    with transaction() as session:
        found = queries.own_estimate(session, estimate_id=estimate_id, customer_id=customer().customer_id)
    return polled(schemas.EstimateOut, estimate_row(found))


def estimate_row(found: EstimateView) -> dict[str, Any]:
    """An estimate as its owner sees it: rates only with an amount, reasons only without one."""
    outcome = found.outcome or {}
    quoted = found.status == "quoted"
    return {
        **vars(found),
        "low_annual_rate": outcome["low_rate"] if quoted else None,
        "high_annual_rate": outcome["high_rate"] if quoted else None,
        "drivers": outcome.get("drivers", []),
        "raises": outcome["raises"] if quoted else [],
        "reasons": [] if quoted or not outcome else outcome["best"]["reasons"],
        "bureau_queried": False,
        "commitment": False,
        "record_sha256": found.digest,
    }
