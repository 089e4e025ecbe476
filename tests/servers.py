"""PostgreSQL and Valkey for one test run, and databases copied from a template that is migrated once."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from launcher.databases import APP, OWNER, close_to_public, ensure_databases, url
from launcher.postgres import Cluster, find_binaries
from launcher.processes import is_alive
from launcher.valkey import Valkey, find_binary

TEMPLATE = "dukou_template"
# What a test writes need not survive the machine, only the killed process: no waiting for the disk.
TEST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}
DURABLE = {"max_connections": "200"}  # for benches: a commit waits for the disk as it does in production


def fresh_state() -> Path:
    """A folder name for this test run; what runs that died left behind is cleared first."""
    parent, mine = Path(tempfile.gettempdir()), f"dukou-tests-{os.geteuid()}-"
    for left in parent.glob(f"{mine}*"):
        number = re.match(r"\d+", left.name.removeprefix(mine))
        if number and not is_alive(int(number.group())):
            _clear(left)
    name = next(f"{mine}{os.getpid()}-{n}" for n in range(1000) if not (parent / f"{mine}{os.getpid()}-{n}").exists())
    return parent / name


def start_servers(
    state: Path | None = None, binaries: Path | None = None, settings: Mapping[str, str] = TEST_SETTINGS
) -> TestServers:
    """Start both servers in `state` (default: a fresh folder). `binaries`: the folder with `initdb` and `postgres`,
    by default what DUKOU_TEST_POSTGRES_BIN names, else the embedded ones. The servers also end when we are killed."""
    chosen = binaries or Path(os.environ.get("DUKOU_TEST_POSTGRES_BIN") or find_binaries())
    servers = attach_servers(state or fresh_state(), chosen, settings)
    servers.cluster.start()
    servers.valkey.start()
    return servers


def attach_servers(state: Path, binaries: Path, settings: Mapping[str, str] = TEST_SETTINGS) -> TestServers:
    """The servers that another process of this test run started (a test worker, say)."""
    return TestServers(state, Cluster(state / "postgres", binaries, settings), Valkey(state, find_binary()))


@dataclass(frozen=True)
class TestServers:
    """Both servers of a test run."""

    __test__ = False  # not a test class, whatever its name says

    state: Path
    cluster: Cluster
    valkey: Valkey

    @property
    def valkey_url(self) -> str:
        """For REDIS_URL; append `?db=3` for a database of its own."""
        return self.valkey.url

    def make_template(self, migrate: Callable[[str], None]) -> None:
        """Create the template and call `migrate` with its owner's address, once; nobody connects to it afterwards."""
        with self._superuser() as db:
            if db.execute("SELECT 1 FROM pg_database WHERE datname = %s AND NOT datallowconn", [TEMPLATE]).fetchone():
                return
        ensure_databases(self.cluster, TEMPLATE)
        migrate(url(self.cluster, OWNER, TEMPLATE))
        with self._superuser() as db:
            db.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(TEMPLATE)))

    def empty_database(self, name: str) -> tuple[str, str]:
        """A database without our tables, as (application's address, owner's address): for tests of migrations."""
        ensure_databases(self.cluster, name)
        return url(self.cluster, APP, name), url(self.cluster, OWNER, name)

    def copy_database(self, name: str, template: str = TEMPLATE) -> tuple[str, str]:
        """Copy the template (about 0.1 s), or a database that nobody uses, as (application's address, owner's)."""
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        with self._superuser() as db:
            db.execute(command.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)))
            close_to_public(db, name)
        return url(self.cluster, APP, name), url(self.cluster, OWNER, name)

    def drop_database(self, name: str) -> None:
        """Drop a copy, also while something is still connected to it."""
        with self._superuser() as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop both and remove the folder."""
        self.cluster.stop()
        self.valkey.stop()
        shutil.rmtree(self.state, ignore_errors=True)

    def _superuser(self) -> psycopg.Connection:
        return psycopg.connect(self.cluster.conninfo(), autocommit=True)


def _clear(state: Path) -> None:
    """Without the kernel's death signal (macOS) a killed run leaves its servers behind."""
    if (state / "postgres" / "postgres.password").exists():
        Cluster(state / "postgres", find_binaries()).stop()
    Valkey(state, find_binary()).stop()
    shutil.rmtree(state, ignore_errors=True)
