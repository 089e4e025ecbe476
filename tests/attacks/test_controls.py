"""A control whose removal nothing notices is not tested: each is taken out of a copy, and a named test must fail."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drills.conftest import LONG
from tests.sandbox_process import ROOT

SHORT_FORM = 759695

COPIED = (
    *("app", "config", "launcher", "migrations", "sandbox", "tests", "openapi", "design", "docs"),
    *("wsgi.py", "pyproject.toml", "requirements.txt"),
)


@dataclass(frozen=True)
class Control:
    """`text` of `path` becomes `without`; then a test of `test` must fail."""

    path: str
    text: str
    without: str
    test: str


LOANS_OF_OTHERS = "select(Loan).where(Loan.id == loan_id, Loan.customer_id == customer_id)"
CONTROLS = {
    "a notice is signed": Control(
        "app/adapters/wechat_pay/verification.py",
        'if not verifies(key, lines(timestamp, given["nonce"], raw), given["signature"]):',
        "if False:",
        "tests/adapters/test_notices.py",
    ),
    "a notice is fresh": Control(
        "app/adapters/wechat_pay/verification.py",
        "or abs(now - int(timestamp)) >= WINDOW_S:",
        "or False:",
        "tests/adapters/test_notices.py",
    ),
    "a serial names a key of ours": Control(
        "app/adapters/wechat_pay/platform_keys.py",
        "return self._public if serial == self._public_key_id else None",
        "return self._public",
        "tests/adapters",
    ),
    "the amount is the order's": Control(
        "app/payments/domain.py",
        "return received.amount_fen == expected.amount_fen",
        "return True",
        "tests/payments/test_domain.py",
    ),
    "the merchant is us": Control(
        "app/payments/domain.py", "if received.mchid != our_mchid:", "if False:", "tests/payments/test_domain.py"
    ),
    "the payer is the order's": Control(
        "app/payments/domain.py",
        "received.payer_openid == expected.payer_openid)",
        "True)",
        "tests/payments/test_domain.py",
    ),
    "a transaction is booked once": Control(
        "app/payments/usecases/orders.py",
        "if not _record(session, transaction, order, verdict, reason, channel):",
        "if _record(session, transaction, order, verdict, reason, channel) is None:",
        "tests/payments/test_confirm.py",
    ),
    "a loan is its customer's": Control(
        "app/loans/queries/loans.py",
        LOANS_OF_OTHERS,
        "select(Loan).where(Loan.id == loan_id)",
        "tests/attacks/test_ownership.py::test_a_customer_reaches_nothing_of_another",
    ),
    "signing needs its own second factor": Control(
        "app/customers/usecases/step_ups.py",
        "            StepUp.subject_id == subject_id,\n",
        "",
        "tests/customers/test_usecases.py",
    ),
    "a second factor is good once": Control(
        "app/customers/usecases/step_ups.py",
        "            StepUp.used_at.is_(None),\n",
        "",
        "tests/customers/test_usecases.py",
    ),
    "a cost sheet is read": Control(
        "app/contracts/usecases/cost_sheets.py", "    if left:\n", "    if False:\n", "tests/contracts/test_usecases.py"
    ),
    "a partner's nonce is burned": Control(
        "app/partners/usecases/authentication.py",
        "    _burn(session, stated)\n",
        "",
        "tests/partners/test_authentication.py",
    ),
    "a partner's request is signed": Control(
        "app/partners/usecases/authentication.py",
        "if not algorithms.is_signed(public_key, stated.signature, signatures.signature_base(stated, request)):",
        "if False:",
        "tests/partners/test_authentication.py",
    ),
    "the body has the signed digest": Control(
        "app/partners/domain/digests.py",
        "if not hmac.compare_digest(ALGORITHMS[name](body).digest(), value):",
        "if False:",
        "tests/partners/test_authentication.py",
    ),
    "a frame is held by a page of its partner": Control(
        "app/embed/usecases/frames.py",
        "    if not named or (parent_origin and partners.unregistered(",
        "    if False and (parent_origin and partners.unregistered(",
        "tests/embed/test_routes.py",
    ),
    "a push of WeChat is signed": Control(
        "app/adapters/wechat_messages/pushes.py",
        '    if not safe_mode.signed(given.get("msg_signature", ""), *parts):',
        "    if False:",
        "tests/adapters/test_wechat_pushes.py",
    ),
    "a push of WeChat is fresh": Control(
        "app/adapters/wechat_messages/pushes.py",
        "or abs(now - int(timestamp)) >= WINDOW_S:",
        "or False:",
        "tests/adapters/test_wechat_pushes.py",
    ),
    "a push is for us": Control(
        "app/adapters/wechat_messages/safe_mode.py",
        "if len(message) != length or not hmac.compare_digest(receiver, appid.encode()):",
        "if len(message) != length:",
        "tests/adapters/test_wechat_pushes.py",
    ),
    "XML has no doctype": Control(
        "app/adapters/wechat_messages/documents.py",
        "    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse",
        "    parser.EntityDeclHandler = None",
        "tests/adapters/test_wechat_pushes.py",
    ),
    "a push is worked on once": Control(
        "app/messages/usecases/pushes.py",
        "    if push.handled_at is not None:\n",
        "    if False:\n",
        "tests/messages/test_pushes.py",
    ),
    "a proof serves one push": Control(
        "app/messages/usecases/pushes.py",
        "        if known is None:\n",
        "        if False:\n",
        "tests/messages/test_pushes.py",
    ),
    "WeChat is not asked twice": Control(
        "app/messages/usecases/delivering.py",
        '    if message.status == "wechat":  # somebody went',
        "    if False:  # somebody went",
        "tests/messages/test_jobs.py",
    ),
    "nobody is reminded at night": Control(
        "app/messages/usecases/opening.py",
        "    due_at = delivery.next_allowed(now, queries.quiet_hours(session, known.group))",
        "    due_at = now",
        "tests/messages/test_jobs.py",
    ),
    "a message is its customer's": Control(
        "app/messages/usecases/opening.py",
        "if row is None or row.customer_id != customer_id:",
        "if row is None:",
        "tests/messages/test_routes.py",
    ),
    "the old phone shows itself": Control(
        "app/customers/usecases/phone_changes.py",
        "        use_step_up(session, session_id=session_id, purpose=rules.PURPOSE, subject_id=row.id)\n",
        "",
        "tests/customers/test_phone_changes.py",
    ),
    "a new phone's code is for its change": Control(
        "app/customers/usecases/phone_changes.py",
        "    if used.subject_id != row.id:",
        "    if False:",
        "tests/customers/test_phone_changes.py",
    ),
    "nothing binds after a change of phone": Control(
        "app/customers/usecases/step_ups.py",
        "    require_cooled_off(session, customer_id=owner)\n",
        "",
        "tests/customers/test_phone_changes.py",
    ),
    "only pages of ours are signed": Control(
        "app/customers/routes/js_sdk.py",
        '    if not url.startswith((f"{settings().public_url}/", f"{settings().embed_url}/")):',
        "    if False:",
        "tests/customers/test_js_sdk.py",
    ),
    "H5 pay stays outside WeChat": Control(
        "app/loans/routes/servicing.py",
        'if pay_by == "h5" and "MicroMessenger" in request.headers.get("User-Agent", ""):',
        "if False:",
        "tests/loans/test_ways_to_pay.py",
    ),
    "a client token is redeemed once": Control(
        "app/embed/usecases/frames.py",
        "            EmbedSession.redeemed_at.is_(None),\n",
        "",
        "tests/embed/test_routes.py",
    ),
    "a form of the console is ours": Control(
        "app/console/routes/pages.py",
        'if not hmac.compare_digest(request.form.get("form_mark", "").encode(), expected.encode()):',
        "if False:",
        "tests/console",
    ),
    "a sign-in code has five tries": Control(
        "app/customers/usecases/phone_codes.py",
        "    if row.tries >= rules.TRIES:\n",
        "    if False:\n",
        "tests/customers/test_phone_codes.py",
    ),
    "a journal sums to zero": Control(
        "migrations/versions/0016_accrual.py",
        "IF total IS DISTINCT FROM 0 OR",
        "IF",
        "tests/ledger/test_usecases.py",
    ),
    "a limit is not exceeded": Control(
        "app/credit/usecases/lines.py",
        "            CreditLine.reserved_fen + CreditLine.used_fen + amount_fen <= CreditLine.limit_fen,\n",
        "",
        "tests/credit/test_lines.py",
    ),
    "a webhook goes to a public address": Control(
        "app/webhooks/ssrf.py",
        "if not all(is_allowed(address, allowed) for address in addresses):",
        "if False:",
        "tests/webhooks/test_ssrf.py",
    ),
    "a cursor is its caller's": Control(
        "app/kernel/pagination.py",
        "if len(raw) != 32 or not hmac.compare_digest(raw[16:], _mac(raw[:16], binding)):",
        "if len(raw) != 32:",
        "tests/orders/test_routes.py",
    ),
    "a key belongs to one request": Control(
        "app/kernel/idempotency.py",
        "if row.fingerprint != request_fingerprint:",
        "if False:",
        "tests/kernel/test_idempotency.py",
    ),
    "a body has each key once": Control(
        "app/kernel/web/strict_json.py",
        "if len(found) != len(pairs):",
        "if False:",
        "tests/kernel/test_strict_json.py",
    ),
    "a device that was ended stays out of WeChat": Control(
        "app/customers/usecases/sign_in.py",
        "owner = None if row.shut_at else row.customer_id",
        "owner = row.customer_id",
        "tests/customers/test_devices.py",
    ),
    "a new phone makes a new token": Control(
        "app/customers/usecases/sessions.py",
        "row.token_hash = crypto.token_hash(token)",
        "row.seen_at = clock.now()",
        "tests/customers/test_phone_changes.py",
    ),
    "a new phone ends the other devices": Control(
        "app/customers/usecases/phone_changes.py",
        "end_others(session, customer_id=customer_id, session_id=session_id, why=PHONE_CHANGED)",
        "PHONE_CHANGED",
        "tests/customers/test_phone_changes.py",
    ),
    "a lost phone takes one's own identity": Control(
        "app/customers/usecases/phone_proofs.py",
        "return PhoneProof(known, question)",
        "return PhoneProof(True, question)",
        "tests/customers/test_phone_changes.py",
    ),
    "a withdrawn consent stops what is not signed": Control(
        "app/credit/usecases/withdrawn_consents.py",
        "if kind not in CONSENT_KINDS or kind in given:",
        "if kind:",
        "tests/credit/test_withdrawn_consents.py",
    ),
    "a state belongs to one browser": Control(
        "app/customers/usecases/oauth.py",
        "if row.browser_hash != crypto.token_hash(browser):  #",
        "if False:  #",
        "tests/customers/test_usecases.py",
    ),
    "a virtual user of WeChat is nobody": Control(
        "app/customers/usecases/sign_in.py",
        "if identity.snapshot:",
        "if False:",
        "tests/customers/test_usecases.py",
    ),
    "the way back is a path of ours": Control(
        "app/customers/domain/sessions.py",
        "if len(path) > 300 or not _RETURN_PATH.fullmatch(path):",
        "if False:",
        "tests/customers/test_routes.py",
    ),
    "two identities join by a second factor": Control(
        "app/customers/usecases/sign_in.py",
        "if not new and (identity.customer_id != customer.id or identity.shut_at):",
        "if False:",
        "tests/customers/test_usecases.py",
    ),
    "codes are limited by number, device, partner and address": Control(
        "app/customers/usecases/phone_codes.py",
        "if count >= limit.most:",
        "if False:",
        "tests/customers/test_phone_codes.py",
    ),
    "the key of a WeChat session is sealed": Control(
        "app/customers/models/people.py",
        'SealedText("wechat_identities.session_key")',
        "Text()",
        "tests/customers/test_usecases.py",
    ),
}
HEAVY = {"a loan is its customer's"}  # needs a whole system: long form only


def chosen() -> list[str]:
    """All in the long form; else four of the light ones, the same in every run unless DUKOU_DRILL_SEED says others, so
    that a build fails for a change and not for a draw."""
    draw = random.Random(int(os.environ.get("DUKOU_DRILL_SEED") or SHORT_FORM))
    return list(CONTROLS) if LONG else draw.sample(sorted(CONTROLS.keys() - HEAVY), 4)


@pytest.mark.parametrize("name", CONTROLS)
def test_the_control_is_where_the_table_says(name):
    control = CONTROLS[name]
    assert (ROOT / control.path).read_text(encoding="utf-8").count(control.text) == 1
    assert (ROOT / control.test.partition("::")[0]).exists()


@pytest.mark.drill
def test_without_the_control_a_test_fails(tmp_path):
    unnoticed = [name for name in chosen() if not notices(CONTROLS[name], tmp_path / name.replace(" ", "_"))]
    assert unnoticed == []


def notices(control: Control, copy: Path) -> bool:
    """Whether the named test fails in a copy of the tree that lacks the control."""
    skipped = shutil.ignore_patterns("__pycache__", "node_modules", "*.log")
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree(source, copy / name, ignore=skipped) if source.is_dir() else _copy(source, copy / name))
    changed = copy / control.path
    changed.write_text(changed.read_text(encoding="utf-8").replace(control.text, control.without), encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "DUKOU_"))}
    command = [sys.executable, "-m", "pytest", control.test, "-x", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=copy, env=env | {"PYTHONPATH": str(copy)}, capture_output=True, text=True)
    shutil.rmtree(copy)
    ran = done.returncode == 0 or (done.returncode == 1 and "\nFAILED " in done.stdout)  # an error proves nothing
    assert ran, f"{control}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.returncode == 1


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
