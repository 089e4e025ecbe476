"""Customers: masked rows, and everything known of one person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.console import queries as own
from app.console.domain import may
from app.credit import queries as credit
from app.customers import queries as customers
from app.customers.domain.masking import mask_id_no, mask_name, mask_phone, mask_uscc
from app.debits import queries as debits
from app.kernel import clock
from app.kernel.pagination import Page, PageRequest
from app.loans import queries as loans
from app.messages import queries as messages


def rows(session: Session, request: PageRequest, *, phone: str | None = None) -> Page[dict[str, Any]]:
    """Customers, newest first, or the one with exactly this number."""
    page = customers.customer_page(session, request, phone=phone)
    return Page([_masked(person) for person in page.items], page.next_cursor)


def detail(session: Session, customer_id: UUID, *, roles: frozenset[str]) -> dict[str, Any]:
    """One person with enterprises, consents, applications and loans. Raises CustomerUnknown."""
    person = customers.person(session, customer_id)
    short = PageRequest(limit=20, cursor=None, binding="console.customer")
    bound = customers.enterprises_of(session, customer_id)
    return {
        "customer": _masked(person),
        "wechat_apps": customers.wechat_apps(session, customer_id),
        "enterprises": [
            {"name": found.name, "uscc": mask_uscc(found.uscc), "role": link.role, "checked_at": found.checked_at}
            for found, link in bound
        ],
        "consents": customers.consents(session, customer_id, short).items,
        "applications": (
            credit.own_applications(session, customer_id=customer_id, request=short).items
            if may(roles, "applications")
            else None
        ),
        "loans": loans.loans_of(session, customer_id, short).items if may(roles, "loans") else None,
        "mandates": debits.mandates(session, customer_id),
        "appointments": _appointments(session, customer_id),
        "reveals": own.reveals_of(session, customer_id),
    }


def _appointments(session: Session, customer_id: UUID) -> list[dict[str, Any]]:
    now = clock.now()
    return [
        {"row": row, "open": row.status == "made" and row.starts_at > now, "by": own.actor_name(session, row.made_by)}
        for row in messages.appointments(session, customer_id)
    ]


def _masked(person: customers.Person) -> dict[str, Any]:
    return {
        "id": person.customer_id,
        "level": person.level,
        "status": person.status,
        "name": mask_name(person.name),
        "phone": mask_phone(person.phone),
        "id_no": mask_id_no(person.id_no),
        "created_at": person.created_at,
        "identified_at": person.identified_at,
    }
