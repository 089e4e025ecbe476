"""Products, rule sets and regulated numbers as they hold on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.credit.domain.features import Text
from app.credit.domain.parameters import Parameter, ParameterMissing, Parameters
from app.credit.domain.prices import price
from app.credit.domain.products import ProductTerms, ProductUnknown
from app.credit.domain.proposals import WHOLE_BPS, bucket, challenger_at
from app.credit.domain.rules import RuleSet
from app.credit.models import Application, ProductVersion, RegulatedParameter, RuleSetVersion


@dataclass(frozen=True)
class Product:
    """A version of a product with the id of its row."""

    version_id: UUID
    terms: ProductTerms
    source: str


@dataclass(frozen=True)
class Rules:
    """A version of the rules with the id of its row."""

    version_id: UUID
    version: str
    rules: RuleSet
    source: str


@dataclass(frozen=True)
class Offer:
    """A product with the range of its yearly rates, as everybody may see it."""

    product: Product
    lowest_rate: str
    highest_rate: str
    all_in_cap: str


def _holds(model: Any, on: date) -> Any:
    return (model.effective_from <= on) & or_(model.effective_to.is_(None), model.effective_to > on)


def product(session: Session, code: str, *, on: date) -> Product:
    """The version of a product that is offered on a day. Raises ProductUnknown."""
    row = session.scalars(
        select(ProductVersion)
        .where(ProductVersion.code == code, _holds(ProductVersion, on))
        .order_by(ProductVersion.effective_from.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise ProductUnknown("This product is not offered.", product_code=code)
    return _product(row)


def product_version(session: Session, version_id: UUID) -> Product:
    """One version, whether offered now or not."""
    return _product(session.get_one(ProductVersion, version_id))


def product_names(session: Session, application_ids: Iterable[UUID]) -> Mapping[UUID, Text]:
    """What the products of some applications were called when they were applied for."""
    rows = session.execute(
        select(Application.id, ProductVersion)
        .join(ProductVersion, ProductVersion.id == Application.product_version_id)
        .where(Application.id.in_(list(application_ids)))
    )
    return {application_id: _product(version).terms.name for application_id, version in rows}


def products(session: Session, *, on: date) -> Sequence[Product]:
    """What is offered on a day, one version of each product."""
    rows = session.scalars(
        select(ProductVersion).where(_holds(ProductVersion, on)).order_by(ProductVersion.effective_from)
    )
    newest = {row.code: row for row in rows}
    return [_product(newest[code]) for code in sorted(newest)]


def offers(session: Session, *, on: date) -> Sequence[Offer]:
    """Products with the lowest and the highest rate that grades and terms give on a day."""
    numbers = parameters(session, on=on)
    found = []
    for one in products(session, on=on):
        rules = rule_set(session, one.terms.code, on=on).rules
        passing = [grade for grade in rules.grades if grade.limit_factor_bps]
        rates = [
            price(
                rules.price,
                lpr=numbers["lpr_1y"],
                spread_bps=one.terms.spread_bps,
                floor_bps=one.terms.floor_bps,
                cap_bps=one.terms.cap_bps,
                grade_bps=grade.spread_bps,
                term_months=term,
                returning=False,
            ).annual_rate
            for grade in passing
            for term in one.terms.terms_months
        ]
        found.append(Offer(one, str(min(rates)), str(max(rates)), str(numbers["all_in_cap"])))
    return found


def rule_set(session: Session, product_code: str, *, on: date) -> Rules:
    """The rules that decide on a day, without challengers. Raises ParameterMissing: set-up is incomplete."""
    row = session.scalars(
        select(RuleSetVersion)
        .where(
            RuleSetVersion.product_code == product_code,
            RuleSetVersion.share_bps == WHOLE_BPS,
            _holds(RuleSetVersion, on),
        )
        .order_by(RuleSetVersion.effective_from.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise ParameterMissing(f"no rules for {product_code} hold on {on}")
    return _rules(row)


def rules_for(session: Session, product_code: str, *, on: date, enterprise_id: UUID) -> Rules:
    """The rules that decide on one business on a day: the champion's, or a challenger's for its share of businesses.

    A business stays with the rules it fell to as long as these hold.
    """
    waiting = challengers(session, product_code, on=on)
    found = challenger_at(bucket(product_code, enterprise_id), [share for _, share in waiting])
    return rule_set(session, product_code, on=on) if found is None else rule_set_version(session, waiting[found][0])


def challengers(session: Session, product_code: str, *, on: date) -> Sequence[tuple[UUID, int]]:
    """The challengers of a day with their shares in basis points, the oldest first."""
    rows = session.execute(
        select(RuleSetVersion.id, RuleSetVersion.share_bps)
        .where(
            RuleSetVersion.product_code == product_code,
            RuleSetVersion.share_bps < WHOLE_BPS,
            _holds(RuleSetVersion, on),
        )
        .order_by(RuleSetVersion.effective_from, RuleSetVersion.version)
    )
    return [(one, share) for one, share in rows]


def rule_set_version(session: Session, version_id: UUID) -> Rules:
    """One version, whether in force now or not."""
    return _rules(session.get_one(RuleSetVersion, version_id))


def parameters(session: Session, *, on: date) -> Parameters:
    """Every regulated number as it holds on a day; where rows overlap, the newer one."""
    rows = session.scalars(
        select(RegulatedParameter).where(_holds(RegulatedParameter, on)).order_by(RegulatedParameter.effective_from)
    )
    return Parameters({row.name: Parameter(row.name, row.value, row.source, row.effective_from) for row in rows})


def parameter_before(session: Session, name: str, *, before: date) -> Parameter | None:
    """The value of a regulated number published last before a day; None where there is none."""
    query = select(RegulatedParameter).where(
        RegulatedParameter.name == name, RegulatedParameter.effective_from < before
    )
    row = session.scalar(query.order_by(RegulatedParameter.effective_from.desc()).limit(1))
    return Parameter(row.name, row.value, row.source, row.effective_from) if row else None


def published(session: Session, names: Iterable[str]) -> Sequence[Parameter]:
    """All values of some regulated numbers, newest first."""
    rows = session.scalars(
        select(RegulatedParameter)
        .where(RegulatedParameter.name.in_(list(names)))
        .order_by(RegulatedParameter.effective_from.desc(), RegulatedParameter.name)
    )
    return [Parameter(row.name, row.value, row.source, row.effective_from) for row in rows]


def _product(row: ProductVersion) -> Product:
    return Product(row.id, ProductTerms.parse(row.code, row.version, row.body), row.source)


def _rules(row: RuleSetVersion) -> Rules:
    return Rules(row.id, row.version, RuleSet.parse(row.body), row.source)
