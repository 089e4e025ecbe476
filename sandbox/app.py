"""create_app(): the sandbox as one Flask application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from sandbox import (
    bureau,
    clock,
    control,
    core_bank,
    core_bank_debits,
    core_bank_statement,
    pages,
    personas,
    preview,
    shop,
    sms,
    tax,
    tsa,
    wechat,
)
from sandbox.context import World, system_clock
from sandbox.hosts import refuse_strangers
from sandbox.store import Store
from sandbox.timers import Timers

_BANK = (core_bank, core_bank_debits, core_bank_statement)
_PARTS = (wechat, *_BANK, bureau, tax, sms, tsa, shop, control, clock, pages, preview)


def create_app(
    keys: dict[str, Any],
    state: str | Path,
    *,
    base_url: str = "",
    bank_url: str = "",
    clock: Callable[[], datetime] = system_clock,
) -> Flask:
    """Build the application over the documents in `state`/sandbox.sqlite3; the caller starts and stops the timers.

    The addresses default to those of world.json.
    """
    app = Flask(__name__, static_folder=None, template_folder="pages/templates")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024
    world = World(
        store=Store(Path(state) / "sandbox.sqlite3"),
        keys=keys,
        base_url=base_url or keys["base_url"],
        bank_url=bank_url or keys["bank_url"],
        clock=clock,
        timers=Timers(),
    )
    app.extensions["sandbox"] = world
    world.take_up_time()
    personas.seed(world.store, world.today())
    app.add_url_rule("/healthz", "healthz", lambda: {"status": "up"})
    app.before_request(refuse_strangers)
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    return app
