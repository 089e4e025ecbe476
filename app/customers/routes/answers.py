"""What several routes of customers share: where a request comes from, how a code goes out, how people are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import current_app, request
from sqlalchemy.orm import Session

from app.adapters import channels
from app.customers import queries, usecases
from app.customers.domain.masking import mask_id_no, mask_name, mask_phone
from app.customers.domain.sessions import Visit, device_family
from app.customers.queries import EnterpriseView, MembershipView, Person
from app.customers.usecases import CodeToSend, SignedIn
from app.kernel.db import transaction
from app.kernel.web import principal
from config.settings import Settings


def settings() -> Settings:
    found: Settings = current_app.config["DUKOU"]
    return found


def visit() -> Visit:
    """Where this request comes from; X-Device-Id is a random number that the client keeps."""
    return Visit(
        address=request.remote_addr or "unknown",
        device_id=request.headers.get("X-Device-Id", "")[:64] or None,
        device=device_family(request.headers.get("User-Agent", "")),
    )


def hand_over(code: CodeToSend) -> None:
    """Give an open code to the SMS vendor, outside any transaction. When the vendor fails the code is void."""
    try:
        channels().sms.send(
            message_no=code.message_no,
            phone=code.phone,
            template=code.template,
            params={"code": code.code, "minutes": "5"},
        )
    except BaseException:
        with transaction() as session:
            usecases.settle_failed(session, code_id=code.code_id)
        raise


def frame_visit() -> Visit:
    """Where a frame's request comes from, proven: the partner of its session, and its key as the device."""
    frame = principal.embed()
    return replace(visit(), device_id=frame.key_thumbprint, partner_id=frame.partner_id)


def send_sign_in_code(phone: str, seen: Visit, *, session_id: UUID | None = None) -> CodeToSend:
    """Open, call, settle: the row is committed before the vendor is called."""
    with transaction() as session:
        code = usecases.open_sign_in_code(session, phone=phone, visit=seen, session_id=session_id)
    hand_over(code)
    with transaction() as session:
        usecases.settle_sent(session, code_id=code.code_id)
    return code


def signed_in(session: Session, result: SignedIn) -> dict[str, Any]:
    """The answer to a sign-in."""
    opened = result.session
    return {
        "token": opened.token,
        "expires_at": opened.expires_at,
        "phone_needed": result.phone_needed,
        "new_customer": result.new_customer,
        "ended_elsewhere": result.ended_elsewhere,
        "customer": masked(queries.person(session, opened.customer_id)) if opened.customer_id else None,
    }


def masked(person: Person) -> dict[str, Any]:
    """A person as shown to themselves."""
    return {
        "customer_id": person.customer_id,
        "level": person.level,
        "phone": mask_phone(person.phone),
        "name": mask_name(person.name),
        "id_no": mask_id_no(person.id_no),
        "identified_at": person.identified_at,
    }


def enterprise_row(bound: tuple[EnterpriseView, MembershipView]) -> dict[str, Any]:
    """An enterprise with the person's role in it."""
    enterprise, membership = bound
    return {**vars(enterprise), "role": membership.role}
