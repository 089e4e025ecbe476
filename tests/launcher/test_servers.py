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
def own() -> Iterator[TestServers]:
    """Servers of this module's own, since its tests kill them."""
    started = start_servers()
    yield started
    started.stop()


def test_a_running_server_is_taken_over(own: TestServers) -> None:
    other = attach_servers(own.state, own.cluster.binaries)
    assert other.cluster.start() == own.cluster.start()
    assert other.valkey.start() == own.valkey.pid()


def test_servers_do_not_run_as_root(own: TestServers) -> None:
    for pid in (own.cluster.start(), own.valkey.start()):
        assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_the_server_speaks_over_its_socket_only(own: TestServers) -> None:
    own.cluster.start()
    with psycopg.connect(own.cluster.conninfo()) as db:
        shown = [db.execute(f"SHOW {name}").fetchone() for name in ("listen_addresses", "data_checksums")]
    assert shown == [("",), ("on",)]
    assert redis.Redis.from_url(own.valkey_url).ping()


def test_it_starts_again_after_kill_9(own: TestServers) -> None:
    old = own.cluster.start()
    os.kill(old, signal.SIGKILL)
    new = own.cluster.start()
    assert new != old
    assert is_alive(new) and not is_alive(old)


def test_stopping_twice_is_stopping(own: TestServers) -> None:
    pid = own.cluster.start()
    own.cluster.stop()
    own.cluster.stop()
    own.valkey.stop()
    own.valkey.stop()
    assert not is_alive(pid)
    own.cluster.start()
    own.valkey.start()


def test_a_cluster_of_another_version_is_named(own: TestServers) -> None:
    own.cluster.stop()
    marker = own.cluster.data_folder / "PG_VERSION"
    ours = marker.read_text()
    marker.write_text("11\n")
    try:
        with pytest.raises(CannotStart, match="made by PostgreSQL 11"):
            own.cluster.start()
    finally:
        marker.write_text(ours)
        own.cluster.start()


def test_an_initdb_that_was_cut_short_is_done_again(own: TestServers) -> None:
    other = attach_servers(own.state / "half", own.cluster.binaries)
    (other.cluster.folder / "postgres.new").mkdir(parents=True)
    (other.cluster.folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    other.cluster.start()
    other.cluster.stop()


def test_a_deep_folder_gets_a_short_socket(own: TestServers) -> None:
    deep = attach_servers(own.state / ("d" * 90), own.cluster.binaries)
    deep.cluster.start()
    deep.valkey.start()
    deep.valkey.stop()
    deep.cluster.stop()


def test_copies_have_the_template_and_two_roles(own: TestServers) -> None:
    migrated: list[str] = []

    def migrate(owner_url: str) -> None:
        migrated.append(owner_url)
        with psycopg.connect(owner_url) as db:
            db.execute("CREATE TABLE kept (n int)")
            db.execute("GRANT SELECT ON kept TO dukou_app")

    own.cluster.start()
    own.make_template(migrate)
    own.make_template(migrate)
    assert len(migrated) == 1
    app_url, owner_url = own.copy_database("copy_1")
    with psycopg.connect(app_url) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("INSERT INTO kept VALUES (1)")
    with psycopg.connect(owner_url) as db:
        db.execute("INSERT INTO kept VALUES (1)")
    with psycopg.connect(app_url):  # dropped although somebody is connected
        own.drop_database("copy_1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(app_url.replace("copy_1", TEMPLATE))
