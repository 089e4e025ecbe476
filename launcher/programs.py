"""The programs the launcher runs, and the environment that each of them gets."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from launcher.processes import Argv
from launcher.servers import Addresses
from launcher.settings import LauncherSettings
from launcher.state import State

Environment = dict[str, str]
# The owner's address and the outside world's private halves are for those who need them, nobody else.
NOT_INHERITED = ("MIGRATION_DATABASE_URL", "DUKOU_DEMO_WORLD", "SANDBOX_WORLD", "SANDBOX_STATE", "SANDBOX_BANK_URL",
                 "SANDBOX_EMBED_URL")  # fmt: skip


@dataclass(frozen=True)
class Programs:
    """One command line each; tests put small programs in their place."""

    world: Argv
    migrate: Argv
    demo: Argv
    sandbox: Argv
    web: Argv
    worker: Argv


def dukou(settings: LauncherSettings) -> Programs:
    """The real ones."""
    python, state = sys.executable, State(settings.state)
    return Programs(
        world=[python, "-m", "sandbox.world", state.world,
               "--base-url", settings.sandbox_url, "--bank-url", settings.public_url],
        migrate=[python, "-m", "app.cli", "migrate"],
        demo=[python, "-m", "app.cli", "demo", "--world", state.world],
        sandbox=[python, "-m", "sandbox"],
        web=[python, "-m", "gunicorn", "wsgi:app", "-c", "config/gunicorn.py"],
        worker=[python, "-m", "app.worker"],
    )  # fmt: skip


def app_environment(inherited: Mapping[str, str], settings: LauncherSettings, addresses: Addresses) -> Environment:
    """For web, worker and commands: the application's database role only."""
    state = State(settings.state)
    own = {
        "DUKOU_ENV": "demo",
        "DUKOU_PORT": str(settings.port),
        "DUKOU_BIND": settings.bind,
        "DUKOU_PUBLIC_URL": settings.public_url,
        "DUKOU_EMBED_URL": settings.embed_url,
        "DUKOU_SECRETS_FILE": str(state.bank_secrets),
        "DUKOU_CHANNELS_FILE": str(state.channels),
        "DATABASE_URL": addresses.app_url,
        "REDIS_URL": addresses.redis_url,
    }
    return _without(inherited, *NOT_INHERITED) | own | {"PYTHONUNBUFFERED": "1"}


def owner_environment(app: Environment, addresses: Addresses) -> Environment:
    """For migrations, the only ones that may change tables."""
    return app | {"MIGRATION_DATABASE_URL": addresses.owner_url}


def demo_environment(app: Environment, settings: LauncherSettings) -> Environment:
    """For the demo's data, which registers the sandbox's partner and its public key."""
    return app | {"DUKOU_DEMO_WORLD": str(State(settings.state).world)}


def sandbox_environment(inherited: Mapping[str, str], settings: LauncherSettings) -> Environment:
    """The outside world knows neither our databases nor our keys."""
    state = State(settings.state)
    own = {
        "DUKOU_SANDBOX_PORT": str(settings.sandbox_port),
        "SANDBOX_WORLD": str(state.world),
        "SANDBOX_STATE": str(state.sandbox),
        "SANDBOX_BANK_URL": settings.public_url,
        "SANDBOX_EMBED_URL": settings.embed_url,
    }
    foreign = (*NOT_INHERITED, "DATABASE_URL", "REDIS_URL", "DUKOU_SECRETS_FILE", "DUKOU_CHANNELS_FILE")
    return _without(inherited, *foreign) | own | {"PYTHONUNBUFFERED": "1"}


def _without(env: Mapping[str, str], *names: str) -> Environment:
    return {name: value for name, value in env.items() if name not in names}
