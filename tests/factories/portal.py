"""A developer of an invented partner, signed in to the portal."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "a long enough password"
MARK = re.compile(r'name="form_mark" value="([0-9a-f]{64})"')


def form_mark(page: TestResponse) -> str:
    """The mark of the page's first form."""
    found = MARK.search(page.text)
    assert found, page.text[:500]
    return found.group(1)


@dataclass
class Developer:
    """A browser; `post` fills in the form's mark."""

    client: FlaskClient
    login: str = field(default_factory=lambda: f"dev-{secrets.token_hex(4)}")

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/portal{path}")

    def post(self, path: str, page: str = "/team", **form: object) -> TestResponse:
        mark = form_mark(self.get(page))
        return self.client.post(f"/portal{path}", data={"form_mark": mark, **form})

    def sign_up(self, company: str = "测试云仓") -> TestResponse:
        return self.post("/sign-up", "/sign-up", company=company, login=self.login, password=PASSWORD)

    def sign_in(self, login: str = "", password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", "/sign-in", login=login or self.login, password=password)


def make_developer(app: Flask) -> Developer:
    """Somebody who has just signed up, in a browser of their own."""
    made = Developer(app.test_client())
    answer = made.sign_up()
    assert answer.status_code == 303, answer.text
    return made
