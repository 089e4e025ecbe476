"""Child processes: apart from the terminal, stopped gently and then surely, ended with us."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.account import CannotStart
from launcher.processes import Argv, ends_with_us, log_tail, trim_log
from launcher.settings import CLONE
from launcher.stopping import Stopped, Stopping


@dataclass
class Child:
    """A program that runs until it is stopped."""

    name: str
    argv: Argv
    env: Mapping[str, str] = field(repr=False)
    log: Path
    grace_s: float = 10
    process: subprocess.Popen[bytes] = field(init=False, repr=False)

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches only us and the order of the stop is ours."""
        trim_log(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ends_with_us(self.argv, "TERM"),
                env=self.env, cwd=CLONE, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def ended(self) -> str | None:
        """A sentence once it has ended by itself."""
        if (code := self.process.poll()) is None:
            return None
        return f"The {self.name} ended with {code}; the end of {self.log}: {log_tail(self.log)}"


def wait_until_ready(child: Child, url: str, others: Sequence[Child], stopping: Stopping, timeout_s: float) -> None:
    """Until `url` answers 200; raises CannotStart when any of them ends or time runs out, Stopped when asked to."""
    deadline = time.monotonic() + timeout_s
    while (refusal := refusal_of(url)) is not None:
        for sentence in (one.ended() for one in (child, *others)):
            if sentence:
                raise CannotStart(sentence)
        if time.monotonic() > deadline:
            raise CannotStart(f"The {child.name} is not ready after {timeout_s:.0f} s: {refusal} (see {child.log}).")
        stopping.pause(0.05)


def stop_together(children: Sequence[Child], stopping: Stopping) -> None:
    """Ask all of them to end, wait for each at most its grace, then end what is left, with whatever it started."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    asked_at = time.monotonic()
    for child in children:
        while child.process.poll() is None and time.monotonic() < asked_at + child.grace_s and not stopping.hurry:
            time.sleep(0.03)
        end_group(child.process.pid)
        child.process.wait()


def end_group(leader_pid: int) -> None:
    """Kill a whole session: gunicorn's workers must not outlive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader_pid, signal.SIGKILL)


def run_to_end(argv: Argv, env: Mapping[str, str], log: Path, stopping: Stopping) -> str:
    """Run a command that ends by itself and return what it printed. Its error output goes to `log`, whose last line
    becomes the sentence of CannotStart when it fails."""
    began_at = log.stat().st_size if log.exists() else 0
    with log.open("ab") as errors:
        process = subprocess.Popen(
            ends_with_us(argv, "TERM"),
            env=env, cwd=CLONE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
            start_new_session=True,
        )  # fmt: skip
    while True:
        try:
            printed = process.communicate(timeout=0.1)[0]
            break
        except subprocess.TimeoutExpired:
            if stopping.asked:
                process.terminate()
                process.communicate()
                raise Stopped from None
    if process.returncode:
        said = log.read_bytes()[began_at:].decode(errors="replace").strip() or printed.decode(errors="replace").strip()
        raise CannotStart(said.splitlines()[-1] if said else f"{argv} ended with {process.returncode}.")
    return printed.decode()


def refusal_of(url: str) -> str | None:
    """None when `url` answers 200, else why not. Asks directly, whatever proxy the environment names."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=3):
            return None
    except urllib.error.HTTPError as answer:
        said = answer.read(500).decode(errors="replace")
        return f"{answer.code} {' '.join(said.split())}"
    except OSError as error:
        return str(error.__class__.__name__)


def require_free_port(address: str, port: int, variable: str, patience_s: float = 0) -> None:
    """Raises CannotStart. `patience_s`: after a kill the old server may need a moment to let go of it."""
    deadline = time.monotonic() + patience_s
    while (refusal := _port_refusal(address, port)) is not None:
        if time.monotonic() >= deadline:
            raise CannotStart(f"Port {port} cannot be used ({refusal}): set {variable} to another one.")
        time.sleep(0.1)


def _port_refusal(address: str, port: int) -> str | None:
    try:
        family, kind, _, _, target = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(target)
    except OSError as error:
        return "it is taken" if "in use" in str(error) else str(error.strerror)
    return None
