"""A partner's server on loopback whose behaviour a test chooses; it keeps every delivery."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[[BaseHTTPRequestHandler], None]


def answer(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer like this."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def hang(released: threading.Event) -> Behaviour:
    """Take the request and say nothing until released."""
    return lambda handler: (released.wait(30), None)[1]


def drip(first: bytes, pause_s: float = 0.1) -> Behaviour:
    """Send these bytes, then a byte at a time for ever."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(first)
            while True:
                time.sleep(pause_s)
                handler.wfile.write(b"x")
        except OSError:
            handler.close_connection = True

    return behave


def flood(handler: BaseHTTPRequestHandler) -> None:
    """A body without end, as fast as it goes."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Quiet: clients that hang up are the point."""


@dataclass
class Receiver:
    """`took` holds (headers in lower case, body) of each delivery; `behaviour` may be changed at any time."""

    port: int = 0
    behaviour: Behaviour = field(default_factory=lambda: answer(204))
    took: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def ids(self) -> list[str]:
        """The webhook-ids in the order of arrival."""
        return [headers["webhook-id"] for headers, _ in self.took]


@contextmanager
def receiving(behaviour: Behaviour | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver for the length of a test."""
    receiver = Receiver(behaviour=behaviour or answer(204))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.took.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.close_connection = True
            receiver.behaviour(self)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = _Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
