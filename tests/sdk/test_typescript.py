"""The TypeScript SDK against the running bank, and its types."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.sdk.conftest import TSC, TYPESCRIPT_SDK, Bank

SETTING_OUT = "const signer = await sdk.ed25519Signer(input.key_id, input.pem);"


def test_calls_pages_repeats_and_refusals(node: Callable[..., Any], bank: Bank) -> None:
    script = (
        SETTING_OUT
        + """
      let sent = 0; const pauses = [];
      const flaky = async (...asked) => {
        sent += 1;
        const answer = await fetch(...asked);
        if (sent === 2) throw new TypeError('lost');
        return sent === 3 ? new Response(null, { status: 503, headers: { 'Retry-After': '7' } }) : answer;
      };
      const bank = new sdk.Client(input.url, signer, { fetch: flaky, sleep: async (ms) => { pauses.push(ms); } });
      const who = await bank.get('/whoami');
      const made = await bank.post('/keys', { algorithm: 'client_secret', scopes: ['orders:read'] });
      const keys = [];
      for await (const key of bank.pages('/keys', { query: { limit: 1 } })) keys.push(key.key_id);
      const refused = await bank.get('/orders/{order_ref}', { params: { order_ref: 'PO 订单/1' } }).catch((e) => e);
      return { who: who.key_id, made: made.key.key_id, keys, pauses, status: refused.status, code: refused.code,
        page: (await fetch(refused.docUrl)).status, request: Boolean(refused.requestId) };
    """
    )
    found = node(script, url=bank.url, key_id=bank.partner.key_id, pem=bank.private_pem)
    assert found["keys"] == [found["made"], bank.partner.key_id]
    assert (found["who"], found["pauses"]) == (bank.partner.key_id, [500, 7000])
    assert (found["status"], found["page"], found["request"]) == (404, 200, True), found


def test_a_wrong_clock_learns_the_banks(node: Callable[..., Any], bank: Bank) -> None:
    script = (
        SETTING_OUT
        + """
      let sent = 0;
      const counting = (...asked) => { sent += 1; return fetch(...asked); };
      const now = () => Date.now() - 4_000_000;
      const bank = new sdk.Client(input.url, signer, { fetch: counting, now, sleep: async () => {} });
      await bank.get('/whoami'); await bank.get('/whoami');
      return sent;
    """
    )
    assert node(script, url=bank.url, key_id=bank.partner.key_id, pem=bank.private_pem) == 3


def test_the_types_say_what_the_api_says(typescript: Path) -> None:
    """Each line that is against the API document is refused by the compiler, and the others are not."""
    (typescript / "typed.mts").write_text(
        """
import { Client, hmacSigner } from './dist/index.js';
const bank = new Client('https://bank.example', await hmacSigner('k', 's'));
const order = await bank.get('/orders/{order_ref}', { params: { order_ref: 'PO-1' } });
const amount: number = order.amount_fen;
const who: string = (await bank.get('/whoami')).partner_code;
for await (const event of bank.pages('/events', { query: { limit: 5 } })) { const id: string = event.id; void id; }
await bank.post('/orders/{order_ref}/refunds', { refund_ref: 'R-1', amount_fen: 1 }, { params: { order_ref: 'PO-1' } });
// @ts-expect-error no such path
await bank.get('/nothing');
// @ts-expect-error params are missing
await bank.get('/orders/{order_ref}');
// @ts-expect-error not text
const wrong: string = order.amount_fen;
// @ts-expect-error an amount is missing
await bank.post('/orders/{order_ref}/refunds', { refund_ref: 'R-1' }, { params: { order_ref: 'PO-1' } });
void amount; void who; void wrong;
"""
    )
    how = ["--noEmit", "--strict", "--module", "NodeNext", "--target", "ES2022", "--lib", "ES2022,DOM"]
    done = subprocess.run([TSC, *how, typescript / "typed.mts"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_nothing_is_depended_on() -> None:
    assert '"dependencies"' not in (TYPESCRIPT_SDK / "package.json").read_text()
