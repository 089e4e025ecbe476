"""Real servers for every test: one PostgreSQL cluster and one Valkey a run, a rolled-back connection a test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

import migrations
from app.kernel import cache, clock, crypto, db, outbox
from app.wiring import LISTENERS
from tests.frame_key import ProvingClient
from tests.job_runner import JobRunner
from tests.sandbox_process import SandboxProcess
from tests.servers import TestServers, start_servers
from tests.settings import bank_secrets, make_settings

SERVERS = pytest.StashKey[TestServers]()


def pytest_configure(config: pytest.Config) -> None:
    """Start and migrate once a run."""
    if config.option.collectonly:
        return
    servers = start_servers()
    config.stash[SERVERS] = servers
    servers.make_template(migrations.migrate)


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        config.stash[SERVERS].stop()


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> TestServers:
    """The servers of this run."""
    return request.config.stash[SERVERS]


@pytest.fixture(scope="session", autouse=True)
def _keys(servers: TestServers) -> None:
    """What every process installs first; the database comes with the tests that use one."""
    crypto.use(bank_secrets())
    cache.use(servers.valkey_url)
    outbox.listen(LISTENERS)


@pytest.fixture(scope="session")
def new_database(servers: TestServers) -> Iterator[Callable[[], tuple[str, str]]]:
    """A function that copies the migrated template and answers (application's URL, owner's URL)."""
    numbers, made = itertools.count(), []

    def copy() -> tuple[str, str]:
        name = f"t_{next(numbers)}"
        made.append(name)
        return servers.copy_database(name)

    yield copy
    for name in made:
        servers.drop_database(name)


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[], tuple[str, str]]) -> str:
    """The application's URL of the database that rolled-back tests share."""
    return new_database()[0]


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    made = db.make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Iterator[sessionmaker[Session]]:
    """kernel.db on one connection: what the code commits is a savepoint, and all of it is undone afterwards."""
    with engine.connect() as connection:
        outer = connection.begin()
        maker = sessionmaker(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        db.use(maker)
        yield maker
        outer.rollback()


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """An open session; flush and commit as you like, nothing stays."""
    with sessions() as opened:
        yield opened


@pytest.fixture
def committed(new_database: Callable[[], tuple[str, str]]) -> Iterator[sessionmaker[Session]]:
    """A database of the test's own with real commits, for races, locks and kills; `.kw["bind"]` is its engine."""
    made = db.make_engine(new_database()[0], pool_size=20)
    maker = sessionmaker(bind=made, expire_on_commit=False)
    db.use(maker)
    yield maker
    made.dispose()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """A running sandbox with its world; state and personas stay for the session: use `.reset()` if you change them."""
    process = SandboxProcess(tmp_path_factory.mktemp("sandbox"))
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def app(sandbox: SandboxProcess, servers: TestServers, database_url: str) -> Flask:
    """The web application with adapters pointed at the sandbox. Its database is whatever fixture was installed last."""
    from app import create_app

    made = create_app(make_settings(database_url, servers.valkey_url, sandbox))
    made.testing = True
    made.test_client_class = ProvingClient
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def client(app: Flask, sessions: sessionmaker[Session]) -> FlaskClient:
    """A test client whose requests share the test's rolled-back connection."""
    return app.test_client()


@pytest.fixture
def channels(app: Flask) -> None:
    """Adapters pointed at the sandbox, for tests below the edge."""


@pytest.fixture
def run_jobs(app: Flask) -> JobRunner:
    """Runs what was enqueued, inline: `run_jobs()` until nothing is due, `run_jobs(only="loans.activate")`."""
    return JobRunner()


@pytest.fixture
def clock_at() -> Iterator[Callable[[datetime], None]]:
    """`clock_at(instant)` stops the clock there for the rest of the test."""
    yield lambda instant: clock.use(lambda: instant)
    clock.use(None)
