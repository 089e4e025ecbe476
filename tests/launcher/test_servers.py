"""The embedded servers: started cold, warm, after kill -9, by another version; copies of the template."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from launcher.account import CannotStart
from launcher.processes import is_alive
from tests.servers import TEMPLATE, TestServers, attach_servers, start_servers


@pytest.fixture(scope="module")
def servers() -> Iterator[TestServers]:
    """Servers of this module's own, since its tests kill them."""
    started = start_servers()
    yield started
    started.stop()


def test_a_running_server_is_taken_over(servers: TestServers) -> None:
    other = attach_servers(servers.state, servers.cluster.binaries)
    assert other.cluster.start() == servers.cluster.start()
    assert other.valkey.start() == servers.valkey.pid()


def test_servers_do_not_run_as_root(servers: TestServers) -> None:
    for pid in (servers.cluster.start(), servers.valkey.start()):
        assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_the_server_speaks_over_its_socket_only(servers: TestServers) -> None:
    servers.cluster.start()
    with psycopg.connect(servers.cluster.conninfo()) as db:
        shown = {name: db.execute(f"SHOW {name}").fetchone()[0] for name in ("listen_addresses", "data_checksums")}
    assert shown == {"listen_addresses": "", "data_checksums": "on"}
    assert redis.Redis.from_url(servers.valkey_url).ping()


def test_it_starts_again_after_kill_9(servers: TestServers) -> None:
    old = servers.cluster.start()
    os.kill(old, signal.SIGKILL)
    new = servers.cluster.start()
    assert new != old
    assert is_alive(new) and not is_alive(old)


def test_stopping_twice_is_stopping(servers: TestServers) -> None:
    pid = servers.cluster.start()
    servers.cluster.stop()
    servers.cluster.stop()
    servers.valkey.stop()
    servers.valkey.stop()
    assert not is_alive(pid)
    servers.cluster.start()
    servers.valkey.start()


def test_a_cluster_of_another_version_is_named(servers: TestServers) -> None:
    servers.cluster.stop()
    marker = servers.cluster.data_folder / "PG_VERSION"
    ours = marker.read_text()
    marker.write_text("11\n")
    try:
        with pytest.raises(CannotStart, match="made by PostgreSQL 11"):
            servers.cluster.start()
    finally:
        marker.write_text(ours)
        servers.cluster.start()


def test_an_initdb_that_was_cut_short_is_done_again(servers: TestServers) -> None:
    other = attach_servers(servers.state / "half", servers.cluster.binaries)
    (other.cluster.folder / "postgres.new").mkdir(parents=True)
    (other.cluster.folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    other.cluster.start()
    other.cluster.stop()


def test_a_deep_folder_gets_a_short_socket(servers: TestServers) -> None:
    deep = attach_servers(servers.state / ("d" * 90), servers.cluster.binaries)
    deep.cluster.start()
    deep.valkey.start()
    deep.valkey.stop()
    deep.cluster.stop()


def test_copies_have_the_template_and_two_roles(servers: TestServers) -> None:
    migrated: list[str] = []

    def migrate(owner_url: str) -> None:
        migrated.append(owner_url)
        with psycopg.connect(owner_url) as db:
            db.execute("CREATE TABLE kept (n int)")
            db.execute("GRANT SELECT ON kept TO dukou_app")

    servers.cluster.start()
    servers.make_template(migrate)
    servers.make_template(migrate)
    assert len(migrated) == 1
    app_url, owner_url = servers.copy_database("copy_1")
    with psycopg.connect(app_url) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("INSERT INTO kept VALUES (1)")
    with psycopg.connect(owner_url) as db:
        db.execute("INSERT INTO kept VALUES (1)")
    with psycopg.connect(app_url):  # dropped although somebody is connected
        servers.drop_database("copy_1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(app_url.replace("copy_1", TEMPLATE))
