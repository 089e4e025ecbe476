"""The whole system as processes of its own: sandbox, web, worker on a fresh database; killed and restarted at will."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg

from launcher.channels import channels_of
from launcher.keys import make_bank_secrets, write_private
from launcher.processes import ends_with_us
from tests.sandbox_process import ROOT, SandboxProcess, free_port
from tests.servers import TestServers

Environment = dict[str, str]


class Stack:
    """Start with `with Stack(…) as stack`; everything it started ends with it."""

    def __init__(self, folder: Path, servers: TestServers, database: tuple[str, str]) -> None:
        self.folder = folder
        self.database_url, self.owner_url = database
        self.port = free_port()
        self.web_url = f"http://127.0.0.1:{self.port}"
        self.embed_url = f"http://localhost:{self.port}"
        self.sandbox = SandboxProcess(folder, bank_port=self.port)
        self.redis_url = servers.valkey_url
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.extra: Environment = {}
        self.demo: dict[str, object] = {}
        self.patience_s = 60.0

    def __enter__(self) -> Stack:
        self.sandbox.start()
        make_bank_secrets(self.folder / "secrets.json")
        write_private(self.folder / "channels.json", channels_of(self.sandbox.world, self.sandbox.base_url))
        self.demo = json.loads(self.run("demo", "--world", str(self.sandbox.world_path)))
        self.start_web()
        self.start_worker()
        self.wait_ready()
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.processes):
            self.kill(name, signal.SIGTERM)
        self.sandbox.stop()

    @property
    def env(self) -> Environment:
        """What web, worker and commands get, as the launcher would give it."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DUKOU_", "SANDBOX_"))}
        return inherited | {
            "DUKOU_ENV": "test",
            "DUKOU_PORT": str(self.port),
            "DUKOU_PUBLIC_URL": self.web_url,
            "DUKOU_EMBED_URL": self.embed_url,
            "DUKOU_EMBED_MODE": "framed",
            "DUKOU_SECRETS_FILE": str(self.folder / "secrets.json"),
            "DUKOU_CHANNELS_FILE": str(self.folder / "channels.json"),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            **self.extra,
        }

    def run(self, *command: str, ends: tuple[int, ...] = (0,)) -> str:
        """Run one `app.cli` command to its end; answers what it printed. `ends`: the exit codes that are fine."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *command], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert done.returncode in ends, f"{command}: {done.stdout[-3000:]} {done.stderr[-3000:]}"
        return done.stdout

    def start_web(self) -> None:
        """gunicorn with its own configuration, as in production."""
        self._start("web", "gunicorn", "wsgi:app", "-c", "config/gunicorn.py")

    def start_worker(self) -> None:
        self._start("worker", "app.worker")

    def _start(self, name: str, *module: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                ends_with_us([sys.executable, "-m", *module], "TERM"),
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill a process we started, with all it started (gunicorn's workers)."""
        process = self.processes.pop(name)
        if how is signal.SIGTERM:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wait_ready(self) -> None:
        """Until /readyz says that every part is fit."""
        self.until(lambda: self._get("/readyz") == 200, "the system is ready", timeout_s=60)

    def _get(self, path: str) -> int:
        try:
            return httpx.get(f"{self.web_url}{path}", trust_env=False, timeout=5).status_code
        except httpx.TransportError:
            return 0

    def until(self, true: Callable[[], object], what: str, timeout_s: float | None = None) -> None:
        """Wait for something that other processes bring about; fails with the logs' ends."""
        deadline = time.monotonic() + (timeout_s or self.patience_s)
        while not true():
            assert time.monotonic() < deadline, f"waited for: {what}\n{self.tail()}"
            time.sleep(0.1)

    def query(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
        """Look into the database as its owner."""
        with psycopg.connect(self.owner_url) as connection:
            return connection.execute(sql, parameters).fetchall()  # type: ignore[call-overload,no-any-return]

    def change(self, sql: str) -> None:
        """Change the database as its owner: what only the passing of time would do."""
        with psycopg.connect(self.owner_url) as connection:
            connection.execute(sql.encode())

    def logs(self) -> str:
        """All that web and worker logged."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def tail(self) -> str:
        """The ends of the logs."""
        found = [(path.name, path.read_text(errors="replace")[-2500:]) for path in sorted(self.folder.glob("*.log"))]
        jobs = self.query(
            "SELECT id, task_name, status, attempts, scheduled_at, worker_id, lock, queueing_lock"
            " FROM procrastinate_jobs WHERE status <> 'succeeded' ORDER BY id"
        )
        workers = self.query("SELECT *, now() FROM procrastinate_workers")
        alive = {name: process.poll() for name, process in self.processes.items()}
        found += [("jobs", "\n".join(map(str, jobs))), ("processes", f"{alive} {workers}")]
        return "\n".join(f"--- {name}\n{text}" for name, text in found)
