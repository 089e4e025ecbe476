"""The sandbox as a child process of the tests, on a free port with a state of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from app.kernel import cache
from launcher.processes import ends_with_us

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SandboxProcess:
    """Start, ask and stop one sandbox. `bank_url` is where it sends notices, pushes and partner calls."""

    def __init__(self, state: Path, bank_port: int | None = None) -> None:
        self.state = state
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        bank_port = bank_port or free_port()
        self.bank_url = f"http://127.0.0.1:{bank_port}"
        self.embed_url = f"http://localhost:{bank_port}"  # another origin than the bank's and the shop's
        self.world_path = state / "world.json"
        self.world: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._client = httpx.Client(base_url=self.base_url, timeout=30, trust_env=False)

    def start(self) -> None:
        """Make the world, start the process and wait until it answers."""
        make = [sys.executable, "-m", "sandbox.world", str(self.world_path)]
        make += ["--base-url", self.base_url, "--bank-url", self.bank_url]
        subprocess.run(make, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        self.world = json.loads(self.world_path.read_text())
        env = os.environ | {
            "DUKOU_SANDBOX_PORT": str(self.port),
            "SANDBOX_STATE": str(self.state),
            "SANDBOX_WORLD": str(self.world_path),
            "SANDBOX_BANK_URL": self.bank_url,
            "SANDBOX_EMBED_URL": self.embed_url,
        }
        with (self.state / "sandbox.log").open("ab") as log:
            self._process = subprocess.Popen(
                ends_with_us([sys.executable, "-m", "sandbox"], "TERM"),
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        for _ in range(400):
            with suppress(httpx.TransportError):
                if self._client.get("/healthz").status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"the sandbox did not start: {(self.state / 'sandbox.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """End the process by its id."""
        if self._process:
            self._process.terminate()
            self._process.wait(10)
        self._client.close()

    def get(self, path: str, **params: Any) -> Any:
        """GET a control path, answer its JSON."""
        response = self._client.get(path, params=params)
        response.raise_for_status()
        return response.json()

    def post(self, path: str, json: Any = None) -> Any:
        """POST to a control path, answer its JSON."""
        response = self._client.post(path, json=json if json is not None else {})
        response.raise_for_status()
        return response.json() if response.content else None

    def reset(self) -> None:
        """Back to the beginning: personas, orders, messages; the keys stay. So do not the tokens it has given out:
        what this process shares of them is forgotten, too."""
        self.post("/sandbox/api/reset")
        with suppress(RuntimeError):  # no cache in this process
            shared = list(cache.redis().scan_iter("shared:*"))
            if shared:
                cache.redis().delete(*shared)

    def persona(self, code: str) -> dict[str, Any]:
        """One persona's whole document."""
        found: dict[str, Any] = self.get(f"/sandbox/api/personas/{code}")
        return found
