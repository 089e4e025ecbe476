"""`make run` from its first line to its last: what each program gets to see, every way to stop, every refusal."""

from __future__ import annotations

import signal
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from launcher.databases import APP, OWNER
from launcher.postgres import Cluster, find_binaries
from launcher.processes import is_alive
from launcher.valkey import Valkey, find_binary
from tests.launcher.conftest import Launcher, eventually


def nothing_runs(launcher: Launcher) -> bool:
    servers = Cluster(launcher.state.postgres, find_binaries())
    try:
        psycopg.connect(servers.conninfo()).close()
    except psycopg.OperationalError:
        idle = Valkey(launcher.state.valkey, find_binary()).pid() is None
        return idle and not any(is_alive(pid) for pid in launcher.pids())
    return False


def stopped_cleanly(launcher: Launcher, ending: tuple[int, str, str]) -> bool:
    code, out, err = ending
    said = (code, err, out.rstrip().endswith("stopped."))
    assert said == (0, "", True)
    return nothing_runs(launcher) and not launcher.state.children.exists()


def test_two_runs(fresh_launcher: Launcher) -> None:
    """What each program sees, what a person sees, what is private, what is kept, and both ordinary ways to stop."""
    assert stopped_cleanly(fresh_launcher, fresh_launcher.end(fresh_launcher.run_until_ready(), signal.SIGINT))
    for name in ("web", "worker"):
        seen = fresh_launcher.saw(name)
        assert seen["DUKOU_ENV"] == "demo"
        assert APP in seen["DATABASE_URL"] and "REDIS_URL" in seen
        assert not seen.keys() & {"MIGRATION_DATABASE_URL", "SANDBOX_WORLD", "DUKOU_DEMO_WORLD"}
    assert OWNER in fresh_launcher.saw("migrate")["MIGRATION_DATABASE_URL"]
    assert fresh_launcher.saw("demo")["DUKOU_DEMO_WORLD"] == str(fresh_launcher.state.world)
    assert not fresh_launcher.saw("sandbox").keys() & {"DATABASE_URL", "REDIS_URL", "MIGRATION_DATABASE_URL"}

    shown = "".join(fresh_launcher.lines)
    assert "JBSWY3DPEHPK3PXP" in shown and "first@bank.example" in shown and "█" in shown
    assert f"http://127.0.0.1:{fresh_launcher.env['DUKOU_SANDBOX_PORT']}/" in shown

    files = (fresh_launcher.state.bank_secrets, fresh_launcher.state.channels, fresh_launcher.state.world)
    first = [path.read_text() for path in files]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stopped_cleanly(fresh_launcher, fresh_launcher.end(fresh_launcher.run_until_ready(), signal.SIGTERM))
    assert [path.read_text() for path in files] == first


def test_a_signal_during_a_long_step_stops_everything(launcher: Launcher) -> None:
    process = launcher.begin("run", FAKE_DEMO_S="300")
    assert eventually((launcher.folder / "demo.json").exists)
    assert stopped_cleanly(launcher, launcher.end(process, signal.SIGHUP))


def test_a_program_that_ends_stops_the_rest_with_its_reason(launcher: Launcher) -> None:
    process = launcher.run_until_ready(FAKE_WORKER_S="2")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The worker ended with 0" in err
    assert nothing_runs(launcher)


@pytest.mark.parametrize(
    ("program", "sentence"), [("migrate", "of a newer version."), ("sandbox", "sandbox says why it broke")]
)
def test_a_program_that_does_not_start_is_named(launcher: Launcher, program: str, sentence: str) -> None:
    process = launcher.begin("run", FAKE_BREAKS=program)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert sentence in err and err.count("\n") == 1 and "Traceback" not in err
    assert nothing_runs(launcher)


def test_a_worker_deaf_to_sigterm_does_not_survive(launcher: Launcher) -> None:
    process = launcher.run_until_ready(FAKE_GRANDCHILD="yes")
    assert launcher.end(process)[0] == 0
    assert eventually(lambda: nothing_runs(launcher))


def test_kill_9_leaves_nothing_for_long_and_the_next_start_is_an_ordinary_one(launcher: Launcher) -> None:
    process = launcher.run_until_ready()
    process.kill()
    process.communicate()
    if Path("/proc/self/stat").exists():  # the death signal is Linux's; elsewhere the next start ends what is left
        assert eventually(lambda: nothing_runs(launcher))
    assert stopped_cleanly(launcher, launcher.end(launcher.run_until_ready()))


def test_a_start_right_after_kill_9_waits_for_what_is_still_ending(launcher: Launcher) -> None:
    process = launcher.run_until_ready()
    process.kill()
    assert stopped_cleanly(launcher, launcher.end(launcher.run_until_ready()))


@pytest.mark.parametrize("variable", ["DUKOU_PORT", "DUKOU_SANDBOX_PORT"])
def test_a_taken_port_is_one_sentence(launcher: Launcher, variable: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(launcher.env[variable])))
        taken.listen()
        process = launcher.begin("run")
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err == f"Port {launcher.env[variable]} cannot be used (it is taken): set {variable} to another one.\n"


def test_a_second_run_is_refused_and_the_first_goes_on(launcher: Launcher) -> None:
    first = launcher.run_until_ready()
    second = launcher.begin("run")
    _, err = second.communicate(timeout=60)
    assert second.returncode == 1 and "Dukou already runs" in err
    assert first.poll() is None
    assert launcher.end(first)[0] == 0


def test_a_folder_with_other_files_is_not_used(fresh_launcher: Launcher) -> None:
    fresh_launcher.state.folder.mkdir()
    (fresh_launcher.state.folder / "thesis.txt").write_text("years of work")
    process = fresh_launcher.begin("run")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1 and "holds files that are not Dukou's" in err
    assert (fresh_launcher.state.folder / "thesis.txt").exists()
