"""New versions of products, rules and regulated numbers: checked as a whole before they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.credit.domain.offers import check_uplifts
from app.credit.domain.parameters import NAMES
from app.credit.domain.products import ProductTerms
from app.credit.domain.rules import RuleSet, RuleSetMalformed
from app.credit.models import ProductVersion, RegulatedParameter, RuleSetVersion
from app.credit.queries.catalogue import Product, Rules, parameters, product


def publish_product(
    session: Session, *, code: str, version: str, body: Mapping[str, Any], effective_from: date, source: str
) -> Product:
    """Offer a version from a day on. Raises ProductMalformed, UpliftOutOfRange."""
    terms = ProductTerms.parse(code, version, body)
    check_uplifts(terms, parameters(session, on=effective_from))
    row = ProductVersion(
        code=code, version=version, body=dict(body), effective_from=effective_from, effective_to=None, source=source
    )
    session.add(row)
    session.flush()
    return Product(row.id, terms, source)


def publish_rules(
    session: Session, *, product_code: str, version: str, body: Mapping[str, Any], effective_from: date, source: str
) -> Rules:
    """Let rules decide from a day on; they must price every term of the product. Raises RuleSetMalformed."""
    rules = RuleSet.parse(body)
    terms = product(session, product_code, on=effective_from).terms.terms_months
    if unpriced := set(terms) - rules.price.term_bps.keys():
        raise RuleSetMalformed(f"The rules have no price for {sorted(unpriced)} months.")
    row = RuleSetVersion(
        product_code=product_code,
        version=version,
        body=dict(body),
        effective_from=effective_from,
        effective_to=None,
        source=source,
    )
    session.add(row)
    session.flush()
    return Rules(row.id, version, rules, source)


def publish_parameter(session: Session, *, name: str, value: Decimal, effective_from: date, source: str) -> None:
    """A regulated number from a day on; the rows before it stay for the days on which they held."""
    if name not in NAMES or not source.strip():
        raise ValueError("a known name and a source are needed")
    session.add(
        RegulatedParameter(name=name, value=value, effective_from=effective_from, effective_to=None, source=source)
    )
    session.flush()
