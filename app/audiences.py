"""Audiences: who is served under which path, how they are recognised, how often they may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request

from app.kernel.db import transaction
from app.kernel.web import principal
from app.kernel.web.limits import Rule


@dataclass(frozen=True)
class Audience:
    """Who is served under which path, how they are recognised, in which document their routes stand."""

    name: str
    prefix: str
    document: str | None
    authenticate: Callable[[], None] | None
    before: tuple[Rule, ...] = ()  # how often an address may ask
    after: tuple[Rule, ...] = ()  # how often the one who was recognised may ask


def _customer() -> None:
    from app.customers.usecases import authenticate

    with transaction() as session:
        principal.put(authenticate(session, token=principal.bearer_token() or "", address=request.remote_addr or ""))


def _partner() -> None:
    from app.partners.usecases import authenticate, authenticate_token

    environ, settings = request.environ, current_app.config["DUKOU"]
    asked = {"address": request.remote_addr, "mode": settings.mode}
    token = principal.bearer_token()
    if token and "Signature-Input" not in request.headers:
        with transaction() as session:
            version = request.headers.get("Dukou-Version")
            principal.put(authenticate_token(session, token=token, version=version, **asked))
        return
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    with transaction() as session:  # of its own: the nonce is burned before the work begins
        found = authenticate(
            session,
            method=request.method,
            authority=request.headers.get("Host", ""),
            path=target.partition("?")[0],
            query=environ.get("QUERY_STRING", ""),
            headers=list(request.headers.items()),
            body=request.get_data(cache=True),
            public_url=settings.public_url,
            **asked,
        )
    principal.put(found)


def _embed() -> None:
    from app.embed.proof_header import presented
    from app.embed.usecases import authenticate

    with transaction() as session:  # of its own: the proof is burned before the work begins
        principal.put(authenticate(session, token=principal.bearer_token("dpop") or "", presented=presented()))


def _staff() -> None:
    from app.console.routes import authenticate_request

    authenticate_request()


def _developer() -> None:
    from app.portal.routes import authenticate_request

    authenticate_request()


REFUSED = Rule("refused", refusals=True)
SIGN_IN = Rule("sign_in", methods=("POST",), shut_without_redis=True)
FRAMES = (REFUSED, Rule("frame_entry", methods=("POST",)))
# strangers must not keep money out
NOTICES = (Rule("callbacks", without_redis="callbacks_without_redis", told=False, share_of_own=0.02),)
BY_PARTNER = (Rule("partner_key", "key"), Rule("partner", "partner"))

PUBLIC = Audience("public", "/public/v1", "public", None, (Rule("public"),))
# signing in: nobody is known yet
CUSTOMER_ENTRY = Audience("customer_entry", "/customer/v1", "customer", None, (SIGN_IN,))
CUSTOMER = Audience("customer", "/customer/v1", "customer", _customer)
PARTNER_ENTRY = Audience("partner_entry", "/partner/v1", "partner", None, (REFUSED,))  # a secret is exchanged
PARTNER = Audience("partner", "/partner/v1", "partner", _partner, (REFUSED,), BY_PARTNER)
EMBED_ENTRY = Audience("embed_entry", "/embed/v1", "embed", None, FRAMES)  # a client token is redeemed: the proof
EMBED = Audience("embed", "/embed/v1", "embed", _embed, (REFUSED,), (Rule("frame", "frame"),))
# a code to a phone from a frame: as seldom, and as shut without Redis, as any signing in
EMBED_SIGN_IN = Audience(
    "embed_sign_in", "/embed/v1", "embed", _embed, (SIGN_IN, REFUSED), (Rule("frame", "frame"),)
)
EMBED_FILES = Audience("embed_files", "/embed/v1", None, None)  # script and pages: the same for everybody
CALLBACKS = Audience("callbacks", "/callbacks", None, None, NOTICES)  # each verifies its sender's signature itself
# the sign-in page and its styles
CONSOLE_ENTRY = Audience("console_entry", "/console", None, None, (SIGN_IN,))
CONSOLE = Audience("console", "/console", None, _staff)  # by cookie, and every form by its own mark
PORTAL_ENTRY = Audience("portal_entry", "/portal", None, None, (SIGN_IN,))  # signing up and in
PORTAL = Audience("portal", "/portal", None, _developer)  # by cookie, and every form by its own mark
PAPERS = Audience("papers", "", None, None, (Rule("public"),))  # whoever holds a paper: its digest finds it
OPERATIONS = Audience("operations", "", None, None)  # liveness, readiness, documents: no data
