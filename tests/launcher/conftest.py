"""A launcher in a process of its own, with small programs, a state folder and free ports."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from launcher.account import make_folder
from launcher.servers import stop_left_servers
from launcher.state import State
from sandbox import world as sandbox_world

CLONE = Path(__file__).parents[2]
PATIENCE_S = 60


@dataclass
class Launcher:
    """Starts `run` or `exec` and looks at what happened."""

    folder: Path
    env: dict[str, str]
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def state(self) -> State:
        return State(Path(self.env["DUKOU_STATE"]))

    def begin(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.launcher.fake_programs", *arguments]
        process = subprocess.Popen(
            command, env=self.env | env, cwd=CLONE, text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def run_until_ready(self, **env: str) -> subprocess.Popen[str]:
        process = self.begin("run", **env)
        assert process.stdout
        for line in process.stdout:
            self.lines.append(line)
            if "Ctrl-C stops everything" in line:
                return process
        raise AssertionError(f"not ready: {process.communicate()[1]}")

    def end(self, process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[int, str, str]:
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
        return process.returncode, out, err

    def saw(self, name: str) -> dict[str, str]:
        seen: dict[str, str] = json.loads((self.folder / f"{name}.json").read_text())
        return seen

    def pids(self) -> list[int]:
        return [int(self.saw(path.stem)["pid"]) for path in self.folder.glob("*.json")]


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it comes true; patient, since a loaded machine is slow."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A true world.json, made once: its keys take a second."""
    path = tmp_path_factory.mktemp("world") / "world.json"
    sandbox_world.create(path, base_url="http://127.0.0.1:1", bank_url="http://127.0.0.1:2")
    return path


@pytest.fixture(scope="session")
def kept_state() -> Iterator[Path]:
    """A state folder that most tests share: initialising a database takes longer than anything they ask.
    It lies outside pytest's own folders, which the server account could not enter."""
    folder = _open_folder()
    yield folder / "state"
    shutil.rmtree(folder)


@pytest.fixture
def launcher(world_file: Path, kept_state: Path) -> Iterator[Launcher]:
    """A launcher on the shared state, which every test leaves stopped."""
    yield from _launcher(world_file, kept_state)


@pytest.fixture
def fresh_launcher(world_file: Path) -> Iterator[Launcher]:
    """A launcher whose state folder does not exist yet."""
    folder = _open_folder()
    yield from _launcher(world_file, folder / "state")
    shutil.rmtree(folder)


def _open_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="dukou-launcher-"))
    make_folder(folder, 0o755)
    return folder


def _launcher(world_file: Path, state: Path) -> Iterator[Launcher]:
    notes = _open_folder()
    hidden = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "MAKELEVEL")
    env = {key: value for key, value in os.environ.items() if key not in hidden} | {
        "DUKOU_PORT": str(free_port()),
        "DUKOU_SANDBOX_PORT": str(free_port()),
        "DUKOU_STATE": str(state),
        "FAKE_NOTES": str(notes),
        "FAKE_WORLD": str(world_file),
    }
    it = Launcher(notes, env)
    yield it
    for process in it.processes:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=PATIENCE_S)
    stop_left_servers(it.state)
    shutil.rmtree(notes)
