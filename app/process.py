"""What every process of the system installs first: logs, keys, database, cache, channels, listeners."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import Engine

from app.adapters import build as adapters_build
from app.adapters import use as use_channels
from app.kernel import cache, crypto, db, outbox, test_clock
from app.wiring import LISTENERS
from config import logging as logs
from config import settings as configuration
from config.settings import Settings


def install(settings: Settings, *, pool_size: int, application: str) -> Engine:
    """Install the process-wide parts and answer the database engine."""
    logs.configure()
    configuration.use(settings)
    crypto.use(settings.secrets)
    cache.use(settings.redis_url)
    outbox.listen(LISTENERS)
    engine = db.connect(settings.database_url, pool_size, application)
    db.on_begin(test_clock.follow if settings.test_clock else None)
    use_channels(adapters_build.build(settings))
    return engine


def import_jobs() -> None:
    """Import every `jobs` module, so that `kernel.jobs.TASKS` is whole."""
    import_modules("jobs")
    import_modules("housekeeping")


def import_modules(name: str) -> None:
    """Import the modules of this name in all capabilities, also where they are folders."""
    import app

    for module in pkgutil.walk_packages(app.__path__, "app."):
        if name in module.name.split("."):
            importlib.import_module(module.name)
