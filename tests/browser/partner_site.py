"""A partner's own site: pages that include the script, and a server that signs for client tokens."""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from sandbox.shop.bank_client import signed_headers
from tests.stack import Stack

TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".mjs": "text/javascript"}
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Partner</title>
<link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="stylesheet" href="/reserve.css">
{script}</head><body><main><h1>Partner</h1>{body}</main><script type="module" src="/page.js"></script></body></html>"""
JOIN = """
const tag = document.querySelector('script[data-partner]');
const loan = await import(tag.src);
const read = (answer) => (answer.ok ? answer.text() : Promise.reject(answer.status));
const ask = ({ component }) => fetch('/token', { method: 'POST', body: component }).then(read);
await loan.init({ fetchClientToken: ask });
window.loan = loan;
"""
FOR_ITSELF = (
    "default-src 'none'; script-src 'self' {embed}; style-src 'self'; img-src data:; connect-src 'self' {embed}"
)
POLICY = (
    FOR_ITSELF + "; frame-src {embed}; form-action {embed}; require-trusted-types-for 'script'; trusted-types 'none'"
)


class PartnerSite:
    """Pages by path; the strictest policy that our documents promise to work under. Ends with `close`."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack, self.folder = stack, folder
        self.bodies: dict[str, str] = {}
        self.components: dict[str, Any] = {"offer": {}, "handoff": {}, "manage": {"actions": ["view", "repay"]}}
        self.amount_fen = 1_299_900
        self.strict = True
        site = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                """Says nothing."""

            def do_GET(self) -> None:
                kind, content = site.page(self.path.partition("?")[0])
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "text/plain")
                if site.strict and kind == "text/html":
                    self.send_header("Content-Security-Policy", POLICY.format(embed=site.stack.embed_url))
                self.end_headers()
                self.wfile.write(content)

            def do_POST(self) -> None:
                component = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, text = site.token(component)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(text.encode())

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        stack.change(
            "INSERT INTO partner_origins (id, partner_id, origin, created_at)"
            f" SELECT gen_random_uuid(), partner_id, '{self.origin}', now() FROM partner_origins"
            f" WHERE origin = '{stack.sandbox.base_url}'"
        )

    def close(self) -> None:
        """No more pages."""
        self.server.shutdown()
        self.server.server_close()

    def page(self, path: str) -> tuple[str, bytes]:
        """Type and content; nothing for what is not there."""
        key = self.stack.sandbox.world["partner"]["publishable_key"]
        if path == "/page.js":
            return TYPES[".js"], JOIN.encode()
        if path in self.bodies:
            script = (
                f'<script type="module" src="{self.stack.embed_url}/embed/v1/embed.js" data-partner="{key}"></script>'
            )
            return TYPES[".html"], PAGE.format(script=script, body=self.bodies[path]).encode()
        file = self.folder / path.lstrip("/")
        if not file.is_file() or file.suffix not in TYPES:
            return "", b""
        text = file.read_text()
        if file.suffix == ".html":
            text = text.replace("EMBED", self.stack.embed_url).replace("KEY", key)
        return TYPES[file.suffix], text.encode()

    def token(self, component: str) -> tuple[int, str]:
        """What the partner's server does: a signed request for a session, the client token for its page."""
        partner, url = self.stack.sandbox.world["partner"], f"{self.stack.web_url}/partner/v1/embed-sessions"
        order = {
            "order_ref": f"W{secrets.token_hex(6)}",
            "merchant_ref": partner["merchant"]["merchant_ref"],
            "title": "样品",
            "amount_fen": self.amount_fen,
        }
        asked = {"customer_ref": "c-1", "origins": [self.origin], "components": self.components, "order": order}
        body = json.dumps(asked | {"return_url": f"{self.origin}/back.html"}).encode()
        headers = signed_headers(
            "POST",
            url,
            body,
            private_key_pem=partner["private_key_pem"],
            key_id=partner["key_id"],
            idempotency_key=secrets.token_hex(12),
            created=int(time.time()),
        )
        answer = httpx.post(url, content=body, headers=headers, trust_env=False, timeout=20)
        return (200, answer.json()["client_token"]) if answer.status_code == 201 else (502, answer.text)
