"""`exec` beside a running Dukou and without one, `reset`, and servers of somebody else."""

from __future__ import annotations

import subprocess
import sys

import psycopg

from launcher.databases import APP, OWNER, ensure_databases, url
from launcher.postgres import find_binaries
from tests.launcher.conftest import CLONE, Launcher
from tests.launcher.test_supervise import nothing_runs
from tests.servers import attach_servers

ASK = """
import os, psycopg
print(psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT current_user').fetchone()[0])
raise SystemExit(7)
"""


def reset(launcher: Launcher) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "launcher", "reset"]
    return subprocess.run(command, env=launcher.env, cwd=CLONE, text=True, capture_output=True, check=False)


def test_exec_starts_servers_for_one_command(fresh_launcher: Launcher) -> None:
    process = fresh_launcher.begin("exec", sys.executable, "-c", ASK)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (7, f"{APP}\n"), err
    assert "PostgreSQL" in err and nothing_runs(fresh_launcher)


def test_exec_joins_a_running_dukou_and_reset_refuses_it(launcher: Launcher) -> None:
    running = launcher.run_until_ready()
    out, err = launcher.begin("exec", sys.executable, "-c", ASK).communicate(timeout=60)
    assert (out, err) == (f"{APP}\n", "")
    done = reset(launcher)
    assert done.returncode == 1 and "already runs" in done.stderr
    assert running.poll() is None
    assert launcher.end(running)[0] == 0


def test_reset_stops_leftovers_and_empties_the_state(fresh_launcher: Launcher) -> None:
    process = fresh_launcher.run_until_ready()
    process.kill()
    process.communicate()
    done = reset(fresh_launcher)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(fresh_launcher.state.folder.iterdir()) == []
    assert "Nothing to reset" in reset(fresh_launcher).stdout


def test_reset_never_empties_a_folder_of_somebody_else(fresh_launcher: Launcher) -> None:
    fresh_launcher.state.folder.mkdir()
    precious = fresh_launcher.state.folder / "thesis.txt"
    precious.write_text("years of work")
    assert reset(fresh_launcher).returncode == 1
    assert precious.exists()


def test_servers_of_somebody_else_are_used_and_left_alone(fresh_launcher: Launcher) -> None:
    theirs = attach_servers(fresh_launcher.folder / "theirs", find_binaries())
    theirs.cluster.start()
    theirs.valkey.start()
    ensure_databases(theirs.cluster, "bank")
    given = {
        "DATABASE_URL": url(theirs.cluster, APP, "bank"),
        "MIGRATION_DATABASE_URL": url(theirs.cluster, OWNER, "bank"),
        "REDIS_URL": theirs.valkey_url,
    }
    fresh_launcher.end(fresh_launcher.run_until_ready(**given))
    assert fresh_launcher.saw("web")["DATABASE_URL"] == given["DATABASE_URL"]
    assert "MIGRATION_DATABASE_URL" not in fresh_launcher.saw("web")
    assert not fresh_launcher.state.postgres.exists()
    psycopg.connect(given["DATABASE_URL"]).close()
    assert theirs.valkey.pid() is not None
    theirs.stop()


def test_a_server_that_does_not_answer_is_named(launcher: Launcher) -> None:
    nowhere = f"postgresql://u:hush@/x?host={launcher.folder}"
    process = launcher.begin("run", DATABASE_URL=nowhere, MIGRATION_DATABASE_URL=nowhere)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "DATABASE_URL does not answer" in err and "hush" not in err and "Traceback" not in err
