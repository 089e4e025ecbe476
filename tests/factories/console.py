"""Staff for tests, and a browser that is signed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyotp
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.console import usecases
from app.console.domain import ROLES
from app.kernel import clock

PASSWORD = "a long enough password"
MARK = re.compile(r'name="form_mark" value="([0-9a-f]{64})"')


@dataclass
class StaffMember:
    """Somebody who can sign in."""

    email: str
    secret: str = field(repr=False)

    def code(self) -> str:
        """What the authenticator shows now."""
        return pyotp.TOTP(self.secret).at(clock.now())


def make_staff(session: Session, *, email: str = "shen@bank.example", roles: Iterable[str] = ROLES) -> StaffMember:
    """A member of staff; committed."""
    secret = usecases.create_staff(session, email=email, name="沈测", password=PASSWORD, roles=roles)
    session.commit()
    return StaffMember(email, secret)


def form_mark(page: TestResponse) -> str:
    """The mark of the page's form."""
    found = MARK.search(page.text)
    assert found, page.text[:500]
    return found.group(1)


def submit_sign_in(client: FlaskClient, member: StaffMember, **changes: str) -> TestResponse:
    """Fill the sign-in form in and send it."""
    mark = form_mark(client.get("/console/sign-in"))
    form = {"form_mark": mark, "email": member.email, "password": PASSWORD, "code": member.code(), **changes}
    return client.post("/console/sign-in", data=form)


def signed_in(client: FlaskClient, session: Session, *, roles: Iterable[str] = ROLES, email: str = "") -> StaffMember:
    """The client's cookie belongs to a new member of staff."""
    member = make_staff(session, email=email or "shen@bank.example", roles=roles)
    answer = submit_sign_in(client, member)
    assert answer.status_code == 303, answer.text
    return member
