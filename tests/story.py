"""The main job over HTTP, step by step, as a partner's server, a shopper and WeChat would do it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from json import loads as json_of
from typing import Any

import httpx

from tests.frame_key import Proving
from tests.stack import Stack

CONSENTS = ("privacy_terms", "identity_check", "bureau_query", "tax_data", "invoice_data")


@dataclass
class Story:
    """One customer's way through the house; each step leaves what the next one needs."""

    stack: Stack
    persona_code: str = "good"
    amount_fen: int = 1_299_900
    app: str = "mini"
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.persona = self.stack.sandbox.persona(self.persona_code)
        self.http = httpx.Client(base_url=self.stack.web_url, trust_env=False, timeout=30, auth=Proving())
        self.token = ""

    # -- asking ------------------------------------------------------------------------------------------------

    def ask(self, method: str, path: str, json: Any = None, *, expect: int | None = None, **headers: str) -> Any:
        """One request of the customer; a write gets a fresh idempotency key unless one is given."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method != "GET":
            sent["Idempotency-Key"] = secrets.token_hex(16)
        response = self.http.request(method, path, json=json, headers=sent | _named(headers))
        if expect is not None:
            assert response.status_code == expect, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content and "json" in response.headers["content-type"] else response

    def sms_code(self) -> str:
        """The newest code in the person's SMS inbox."""
        phone = self.persona["person"]["phone"]
        messages = self.stack.sandbox.get("/sandbox/api/sms", phone=phone)["messages"]
        newest: dict[str, Any] = max(messages, key=lambda message: message["sent_at"])
        return str(newest["params"]["code"])

    # -- 1 the partner opens a session, 2 the frame and the customer sign in ----------------------------------

    def open_embed_session(self) -> None:
        order = self.stack.sandbox.post("/sandbox/api/shop/orders", {"amount_fen": self.amount_fen})
        self.facts["order_ref"] = order["order_ref"]
        told = self.stack.sandbox.post(f"/shop/api/orders/{order['order_ref']}/loan-session", {"component": "apply"})
        self.facts["client_token"] = told["client_token"]

    def redeem(self) -> None:
        body = {"client_token": self.facts["client_token"], "parent_origin": self.stack.sandbox.base_url}
        told = self.ask("POST", "/embed/v1/frame-sessions", body, expect=201)
        self.facts["frame_token"] = told["frame_token"]

    def sign_in_by_phone(self) -> None:
        phone = self.persona["person"]["phone"]
        sent = self.ask("POST", "/customer/v1/sign-in/phone-codes", {"phone": phone}, expect=202)
        body = {"code_id": sent["code_id"], "phone": phone, "code": self.sms_code()}
        self.token = self.ask("POST", "/customer/v1/sign-in/phone", body, expect=201)["token"]

    def sign_in_by_mini_program(self) -> None:
        """wx.login, then the phone number by its own code when WeChat's user is new to us."""
        ask = {"persona": self.persona_code, "app": "mini"}
        code = self.stack.sandbox.post("/sandbox/api/wechat/login-codes", ask)["code"]
        told = self.ask("POST", "/customer/v1/sign-in/mini-program", {"login_code": code}, expect=201)
        self.token = told["token"]
        if told["phone_needed"]:
            phone = self.stack.sandbox.post("/sandbox/api/wechat/phone-codes", {"persona": self.persona_code})["code"]
            told = self.ask("POST", "/customer/v1/sign-in/mini-program/phone", {"phone_code": phone}, expect=201)
            self.token = told["token"]

    # -- 3 person, business, consents ---------------------------------------------------------------------------

    def bind(self) -> None:
        person, enterprise = self.persona["person"], self.persona["enterprise"]
        self._consent("privacy_terms", "identity_check")
        self.ask("POST", "/customer/v1/me/identity", {"name": person["name"], "id_no": person["id_no"]}, expect=200)
        bound = self.ask("POST", "/customer/v1/enterprises", {"uscc": enterprise["uscc"]}, expect=201)
        self.facts["enterprise_id"] = bound["id"]

    def consent(self) -> None:
        self._consent("bureau_query", "tax_data", "invoice_data")

    def _consent(self, *kinds: str) -> None:
        texts = {text["kind"]: text for text in self.ask("GET", "/customer/v1/consent-texts?locale=zh-CN")["items"]}
        for kind in kinds:
            text = texts[kind]
            body = {"kind": kind, "text_version": text["version"], "text_sha256": text["sha256"]}
            if text.get("about_enterprise"):
                body["enterprise_id"] = self.facts["enterprise_id"]
            self.ask("POST", "/customer/v1/consents", body, expect=201)

    # -- 4 application and decision -----------------------------------------------------------------------------

    def apply(self, term_months: int = 12) -> None:
        body = {
            "enterprise_id": self.facts["enterprise_id"],
            "product_code": self.ask("GET", "/public/v1/products")["items"][0]["code"],
            "term_months": term_months,
            "method": "equal_instalment",
        }
        told = self.ask(
            "POST",
            "/embed/v1/applications",
            body,
            expect=201,
            Authorization=f"DPoP {self.facts['frame_token']}",
            X_Customer_Session=self.token,
        )
        self.facts["application_id"] = told["id"]

    def application(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/customer/v1/applications/{self.facts['application_id']}", expect=200)
        return found

    def wait_application(self, *statuses: str) -> dict[str, Any]:
        self.stack.until(lambda: self.application()["status"] in statuses, f"the application is {statuses}")
        return self.application()

    # -- 5 cost sheet, contract, signature ----------------------------------------------------------------------

    def read_cost_sheet(self, term_months: int = 12) -> None:
        path = f"/customer/v1/applications/{self.facts['application_id']}/cost-sheets"
        sheet = self.ask("POST", path, {"term_months": term_months, "method": "equal_instalment"}, expect=201)
        confirm = f"{path}/{sheet['id']}/confirmation"
        early = self.ask("POST", confirm, {})
        assert early["code"] == "cost_sheet.read_first", early
        self.stack.until(lambda: self.ask("POST", confirm, {}).get("confirmed_at"), "the cost sheet may be confirmed")
        self.facts["cost_sheet"] = sheet

    def sign(self) -> None:
        base = f"/customer/v1/applications/{self.facts['application_id']}/contracts"
        contract = self.ask("POST", base, {}, expect=201)
        self.facts["contract_id"] = contract["id"]
        document = self.ask("GET", f"{base}/{contract['id']}/document", expect=200)
        assert document.content.startswith(b"%PDF")
        purpose = {"purpose": "sign_contract", "subject_id": contract["id"]}
        sent = self.ask("POST", "/customer/v1/step-ups/codes", purpose, expect=202)
        self.ask("POST", "/customer/v1/step-ups", {"code_id": sent["code_id"], "code": self.sms_code()}, expect=201)
        act = {"document_sha256": contract["document_sha256"]}
        self.ask("POST", f"{base}/{contract['id']}/signature", act, expect=200)

    # -- 6 drawdown, 7 webhooks ---------------------------------------------------------------------------------

    def wait_loan(self) -> dict[str, Any]:
        self.stack.until(lambda: self.ask("GET", "/customer/v1/loans")["items"], "the loan is active")
        loan_id = self.ask("GET", "/customer/v1/loans")["items"][0]["id"]
        self.facts["loan_id"] = loan_id
        return self.loan()

    def loan(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/customer/v1/loans/{self.facts['loan_id']}", expect=200)
        return found

    def shop_order(self) -> dict[str, Any]:
        found: dict[str, Any] = self.stack.sandbox.get(f"/shop/api/orders/{self.facts['order_ref']}")
        return found

    def webhooks(self) -> list[dict[str, Any]]:
        """What the partner's server took about this order, in the order of arrival, each once."""
        kept = self.stack.sandbox.get("/sandbox/api/webhooks")["webhooks"]
        taken = [item for item in kept if item["status"] == 204 and item["verdict"] != "duplicate"]
        bodies = [json_of(item["body"]) for item in sorted(taken, key=lambda item: item["received_at"])]
        return [body for body in bodies if body["data"].get("order_ref") == self.facts["order_ref"]]

    def webhook_types(self) -> list[str]:
        """Their types."""
        return [body["type"] for body in self.webhooks()]

    # -- 8 repaying -----------------------------------------------------------------------------------------------

    def open_repayment(self, kind: str) -> dict[str, Any]:
        path = f"/customer/v1/loans/{self.facts['loan_id']}/repayments"
        opened: dict[str, Any] = self.ask("POST", path, {"kind": kind, "app": self.app}, expect=201)
        return opened

    def pay(self, opened: dict[str, Any], outcome: str = "ok") -> None:
        body = {"persona": self.persona_code, "params": opened["payment"], "outcome": outcome}
        self.stack.sandbox.post("/sandbox/api/wechat/request-payment", body)

    def wait_repayment(self, opened: dict[str, Any], status: str = "applied") -> dict[str, Any]:
        path = f"/customer/v1/repayments/{opened['repayment']['id']}"
        self.stack.until(lambda: self.ask("GET", path)["status"] == status, f"the repayment is {status}")
        found: dict[str, Any] = self.ask("GET", path)
        return found

    # -- all of it ------------------------------------------------------------------------------------------------

    def until_approved(self) -> dict[str, Any]:
        """Steps 1 to 4."""
        self.open_embed_session()
        self.redeem()
        self.sign_in_by_mini_program()
        self.bind()
        self.consent()
        self.apply()
        return self.wait_application("approved")

    def until_active(self) -> dict[str, Any]:
        """Steps 1 to 6."""
        self.until_approved()
        self.read_cost_sheet()
        self.sign()
        return self.wait_loan()


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
