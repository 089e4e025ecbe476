"""The whole HTTP surface on one page: each blueprint with its audience; authentication is attached here."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Flask, Response, g, request

from app import bank_profile, operations, process
from app.audiences import (
    CALLBACKS,
    CONSOLE,
    CONSOLE_ENTRY,
    CUSTOMER,
    CUSTOMER_ENTRY,
    EMBED,
    EMBED_ENTRY,
    EMBED_FILES,
    EMBED_SIGN_IN,
    OPERATIONS,
    PAPERS,
    PARTNER,
    PARTNER_ENTRY,
    PORTAL,
    PORTAL_ENTRY,
    PUBLIC,
    Audience,
)
from app.console import routes as console_routes
from app.credit import routes as credit_routes
from app.customers import routes as customers_routes
from app.databox import routes as databox_routes
from app.debits import routes as debits_routes
from app.embed import assets as embed_assets
from app.embed import pages as embed_pages
from app.embed import routes as embed_routes
from app.engine.errors import EngineError
from app.kernel.audience import PartnerPrincipal
from app.kernel.web import limits, partner_calls, problems, requests
from app.kernel.web.routing import ProblemApi, make_document
from app.kernel.web.strict_json import StrictProvider
from app.loans import routes as loans_routes
from app.messages import routes as messages_routes
from app.orders import routes as orders_routes
from app.partners import routes as partners_routes
from app.payments import routes as payments_routes
from app.portal import routes as portal_routes
from app.reference import routes as reference_routes
from app.simulation import routes as simulation_routes
from app.verification import routes as verification_routes
from app.webhooks import routes as webhooks_routes
from config.settings import Settings

MAX_BODY_BYTES = 1 << 20

SURFACE: tuple[tuple[Blueprint, Audience], ...] = (
    (operations.blueprint, OPERATIONS),
    (reference_routes.reference, OPERATIONS),
    (customers_routes.sign_in, CUSTOMER_ENTRY),
    (customers_routes.account, CUSTOMER),
    (customers_routes.oauth_callback, CALLBACKS),
    (databox_routes.documents, CUSTOMER),
    (credit_routes.applications, CUSTOMER),
    (bank_profile.bank_profile, PUBLIC),
    (customers_routes.public_js_sdk, PUBLIC),
    (credit_routes.public_products, PUBLIC),
    (loans_routes.calculator, PUBLIC),
    (verification_routes.paper_checks, PUBLIC),
    (verification_routes.pages, PAPERS),
    (loans_routes.loans, CUSTOMER),
    (debits_routes.debits, CUSTOMER),
    (payments_routes.callbacks, CALLBACKS),
    (messages_routes.messages, CUSTOMER),
    (messages_routes.pushes, CALLBACKS),
    (partners_routes.tokens, PARTNER_ENTRY),
    (partners_routes.blueprint, PARTNER),
    (orders_routes.partner_orders, PARTNER),
    (orders_routes.partner_loans, PARTNER),
    (webhooks_routes.partner_webhooks, PARTNER),
    (simulation_routes.partner_simulation, PARTNER),
    (embed_routes.partner_sessions, PARTNER),
    (embed_routes.frame_sessions, EMBED_ENTRY),
    (embed_routes.frame, EMBED),
    (customers_routes.frame_sign_in, EMBED_SIGN_IN),
    (embed_routes.public_config, PUBLIC),
    (embed_pages.page_sessions, EMBED_ENTRY),
    (embed_routes.desktop_handoffs, EMBED),
    (embed_routes.scanned_codes, CUSTOMER_ENTRY),
    (embed_routes.own_handoffs, CUSTOMER),
    (embed_pages.frame_pages, EMBED_FILES),
    (embed_assets.loader_assets, EMBED_FILES),
    (bank_profile.bank_files, EMBED_FILES),
    (console_routes.entry, CONSOLE_ENTRY),
    (console_routes.console, CONSOLE),
    (portal_routes.entry, PORTAL_ENTRY),
    (portal_routes.portal, PORTAL),
)
TEST_ONLY = (simulation_routes.partner_simulation,)  # absent where there is money
TITLES = {
    "public": "Dukou: public terms and calculators",
    "customer": "Dukou: customers",
    "partner": "Dukou: partners",
    "embed": "Dukou: embedded frames",
}


def build(settings: Settings) -> Flask:
    """The Flask application with its processes-wide parts installed."""
    engine = process.install(settings, pool_size=settings.web_threads, application="dukou-web")
    app = _bare_app()
    app.config.update(DUKOU=settings)
    app.extensions["engine"] = engine
    limits.trust_proxies(app, settings.trusted_hops)
    _register(app, limits.Limits(settings.redis_url, asdict(settings.rate_limits)), live=settings.production)
    return app


def describe() -> dict[str, ProblemApi]:
    """The OpenAPI documents, without a database or settings."""
    return _register(_bare_app())


def _bare_app() -> Flask:
    app = Flask("app", static_folder=None)
    app.json = StrictProvider(app)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES)
    requests.register(app)
    problems.register(app)
    problems.register_refusals(app, EngineError)
    return app


def _register(app: Flask, limited: limits.Limits | None = None, live: bool = False) -> dict[str, ProblemApi]:
    documents = {name: make_document(app, name, title, f"/{name}/v1") for name, title in TITLES.items()}
    audiences: dict[str, Audience] = {}
    for blueprint, audience in SURFACE:
        if live and blueprint in TEST_ONLY:
            continue
        audiences[blueprint.name] = audience
        if audience.document:
            documents[audience.document].register_blueprint(blueprint, url_prefix=audience.prefix)
        else:
            app.register_blueprint(blueprint, url_prefix=audience.prefix)
    app.extensions["audiences"] = audiences

    @app.before_request
    def recognise() -> None:
        audience = audiences.get(request.blueprint or "")
        if audience and limited:
            limited.check(audience.before)
        if audience and audience.authenticate:
            audience.authenticate()
        if audience and limited:
            limited.check(audience.after)

    @app.after_request
    def name_version(response: Response) -> Response:
        asking = g.get("principal")
        if isinstance(asking, PartnerPrincipal):
            response.headers["Dukou-Version"] = asking.version
        return response

    if limited:
        _count(app, limited, audiences)
        app.after_request(lambda response: _note(audiences, response))
    return documents


def _note(audiences: dict[str, Audience], response: Response) -> Response:
    of_partner = audiences.get(request.blueprint or "") is PARTNER
    return partner_calls.note(response) if of_partner else response


def _count(app: Flask, limited: limits.Limits, audiences: dict[str, Audience]) -> None:
    """Those who proved nothing are counted once the answer says so: some prove themselves inside the route."""
    limited.register(app)

    @app.after_request
    def count_refusals(response: Response) -> Response:
        audience = audiences.get(request.blueprint or "")
        if audience and response.status_code == 401:
            limited.count_refusal(audience.before)
        return response
