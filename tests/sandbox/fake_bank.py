"""A stand-in for the bank as a partner sees it: checks RFC 9421 with an independent library, gives tokens, serves a
tiny embed script. It lives only in tests of the shop; journeys run against the real bank."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms

from sandbox.shop.bank_client import COVERED
from sandbox.shop.lender import PROFILE_PATH

EMBED_SCRIPT = b"""
const state = globalThis[Symbol.for('test.bank')] ??= { options: {} };
const emit = (el, name) => el.dispatchEvent(new CustomEvent('loan:' + name, { bubbles: true, composed: true }));
class Element extends HTMLElement {
  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const button = document.createElement('button');
    button.textContent = this.localName + ' ' + this.getAttribute('amount-fen') + ' ' + this.getAttribute('mode');
    button.onclick = async () => {
      emit(this, 'open');
      try { this.dataset.token = await state.options.fetchClientToken({ component: 'apply', attempt: 1 }); }
      catch { emit(this, 'error'); }
      const close = document.createElement('button');
      close.textContent = 'close';
      close.onclick = () => { close.remove(); emit(this, 'close'); };
      root.append(close);
    };
    root.replaceChildren(button);
  }
  static observedAttributes = ['amount-fen'];
  attributeChangedCallback() { if (this.isConnected) this.connectedCallback(); }
}
for (const name of ['loan-badge', 'loan-offer', 'loan-apply']) {
  customElements.get(name) || customElements.define(name, class extends Element {});
}
export const init = async (options) => { state.options = options; return state; };
"""


class FakeBank:
    """`answers` are taken first (status, body); then every rightly signed request gets a fresh token."""

    def __init__(self, partner: dict[str, Any]) -> None:
        self.partner = partner
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.base_url = ""
        self.redirect_url = ""
        self.profile: dict[str, str] | None = None

    def open_session(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        message = SimpleNamespace(method="POST", url=f"http://{headers['Host']}{path}", headers=headers)
        keys = {self.partner["key_id"]: self.partner["public_key_pem"].encode()}
        verifier = HTTPMessageVerifier(
            signature_algorithm=algorithms.ED25519,
            key_resolver=MappingKeyResolver(public_keys=keys, private_keys={}),
        )
        verifier.verify(message, max_age=timedelta(seconds=300), require_components=COVERED, body=body)
        self.requests.append((headers, json.loads(body)))
        if self.answers:
            return self.answers.pop(0)
        number = len(self.requests)
        told = {"id": f"es_{number}", "client_token": f"ect_{number:024d}", "expires_at": "2030-01-01T00:00:00+00:00"}
        if self.redirect_url:
            told["redirect_url"] = self.redirect_url
        return 201, json.dumps(told).encode()


@contextmanager
def running(partner: dict[str, Any]) -> Iterator[FakeBank]:
    """The stand-in on a free loopback port, named localhost so that it is another site than the shop's 127.0.0.1."""
    bank = FakeBank(partner)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status, answer = bank.open_session(self.path, dict(self.headers), body)
            except Exception as error:
                status, answer = 401, json.dumps({"code": "partner.signature", "why": str(error)}).encode()
            self.answer(status, "application/json", answer)

        def do_GET(self) -> None:
            if self.path == PROFILE_PATH:
                self.answer(200 if bank.profile else 503, "application/json", json.dumps(bank.profile).encode())
                return
            self.answer(200, "text/javascript", EMBED_SCRIPT)

        def answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bank.base_url = f"http://localhost:{server.server_port}"
    yield bank
    server.shutdown()
    server.server_close()
