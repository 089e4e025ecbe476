"""`exec`: one command with the environment of a run. `reset`: forget everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stdout

from launcher.account import CannotStart
from launcher.databases import APP, OWNER, url
from launcher.leftovers import end_leftovers
from launcher.postgres import Cluster, find_binaries
from launcher.programs import Programs, app_environment, owner_environment
from launcher.progress import say
from launcher.servers import DATABASE, Addresses, stop_left_servers
from launcher.settings import CLONE, LauncherSettings
from launcher.state import InUse, State, refuse_foreign
from launcher.stopping import Stopping
from launcher.supervise import Run
from launcher.valkey import Valkey, find_binary

EXEC_WAIT_S = 600


def execute(command: Sequence[str], settings: LauncherSettings, programs: Programs, *, as_owner: bool) -> int:
    """Run a command beside a running Dukou, or start the servers for it and stop them after it; its exit code."""
    state = State(settings.state)
    state.prepare()
    deadline = time.monotonic() + EXEC_WAIT_S
    while True:
        try:
            with state.held_for("exec"):
                return _with_own_servers(command, settings, programs, as_owner=as_owner)
        except InUse as error:
            if error.holder == "run":
                return _run(command, settings, _running_addresses(settings), as_owner=as_owner)
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)  # another command is at work with servers of its own; ours must not lose them midway


def _with_own_servers(
    command: Sequence[str], settings: LauncherSettings, programs: Programs, *, as_owner: bool
) -> int:
    stopping = Stopping()
    stopping.listen()
    run = Run(settings, programs, stopping)
    with ExitStack() as stack:
        end_leftovers(run.state)
        stack.callback(run.servers.stop)
        with redirect_stdout(sys.stderr):  # our lines of progress: the output is the command's own
            addresses = run.servers.start()
            run.prepare(addresses)
        return _run(command, settings, addresses, as_owner=as_owner)


def _running_addresses(settings: LauncherSettings) -> Addresses:
    """Where the servers of a running Dukou are; they are up before it says so, or it is about to fail."""
    state = State(settings.state)
    cluster, valkey = Cluster(state.postgres, find_binaries()), Valkey(state.valkey, find_binary())
    return Addresses(
        app_url=settings.database_url or url(cluster, APP, DATABASE),
        owner_url=settings.migration_database_url or url(cluster, OWNER, DATABASE),
        redis_url=settings.redis_url or valkey.url,
    )


def _run(command: Sequence[str], settings: LauncherSettings, addresses: Addresses, *, as_owner: bool) -> int:
    env = app_environment(os.environ, settings, addresses)
    if as_owner:
        env = owner_environment(env, addresses)
    try:
        process = subprocess.Popen(command, env=env, cwd=CLONE)
    except OSError as error:
        raise CannotStart(f"{command[0]} cannot be run: {error.strerror}.") from error
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches the command itself; we stop the servers after it
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code = process.wait()
    return code if code >= 0 else 128 - code  # ended by a signal: as a shell says it


def reset(settings: LauncherSettings) -> None:
    """End what a killed run left, then empty the state folder. A running Dukou is refused, not stopped."""
    state = State(settings.state)
    if not state.folder.exists() or not any(state.folder.iterdir()):
        say(f"Nothing to reset in {state.folder}.")
        return
    refuse_foreign(state.folder)
    with state.held_for("reset"):
        end_leftovers(state)
        stop_left_servers(state)
        state.empty()
    say(f"Emptied {state.folder}.")
