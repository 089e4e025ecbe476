"""`python -m sandbox`: serve the outside world on DUKOU_SANDBOX_PORT (default 8001), loopback only."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox import world as world_file
from sandbox.app import create_app
from sandbox.context import World


class QuietHandler(WSGIRequestHandler):
    """HTTP/1.1 with kept connections; request lines stay out of the log because they may carry codes and secrets."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main() -> None:
    """Serve until SIGTERM or Ctrl-C. Environment: SANDBOX_WORLD (file), SANDBOX_STATE (folder), SANDBOX_BANK_URL."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines name every address that is called
    port = int(os.environ.get("DUKOU_SANDBOX_PORT", "8001"))
    base_url = f"http://127.0.0.1:{port}"
    bank_url = os.environ.get("SANDBOX_BANK_URL", "http://127.0.0.1:8000")
    state = Path(os.environ.get("SANDBOX_STATE", "var/sandbox"))
    path = Path(os.environ.get("SANDBOX_WORLD", str(state / "world.json")))
    if not path.exists():
        sys.exit(f"{path} is missing: run `python -m sandbox.world {path} --base-url {base_url} --bank-url {bank_url}`")
    try:
        listening = socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError:
        sys.exit(f"port {port} is taken; set DUKOU_SANDBOX_PORT")
    app = create_app(world_file.load(path), state, base_url=base_url, bank_url=bank_url)
    world: World = app.extensions["sandbox"]
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler, fd=listening.fileno())
    signal.signal(signal.SIGTERM, _interrupt)
    world.timers.start(world)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        world.timers.stop()
        world.store.close()
        listening.close()


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
