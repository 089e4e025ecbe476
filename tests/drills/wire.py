"""A wire between the program and PostgreSQL that a drill can cut: everywhere, or exactly at a COMMIT."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Literal
from urllib.parse import parse_qs, urlsplit

Cut = Literal["before", "after"]
COMMIT = b"COMMIT\x00"  # as a question of psycopg, and as PostgreSQL's answer that it is done


class Wire:
    """Listens on a port of this machine and hands on to the server's socket; `url` is the address through it.

    `cut_at_commit()` is asked at each COMMIT that passes: "before" cuts the connection instead of handing it on,
    "after" lets PostgreSQL commit and keeps the answer back. `broken` cuts what there is and refuses what comes.
    """

    def __init__(self, url: str) -> None:
        asked = urlsplit(url)
        self._socket = f"{parse_qs(asked.query)['host'][0]}/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        port = self._listener.getsockname()[1]
        self.url = f"postgresql://{asked.username}:{asked.password}@127.0.0.1:{port}{asked.path}"
        self.cut_at_commit: Callable[[], Cut | None] = lambda: None
        self.cuts: list[Cut] = []
        self._broken = False
        self._open: set[_Connection] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def broken(self) -> bool:
        return self._broken

    @broken.setter
    def broken(self, broken: bool) -> None:
        self._broken = broken
        for connection in list(self._open) if broken else ():
            connection.close()

    def close(self) -> None:
        """Nobody listens any more."""
        self._listener.close()
        self.broken = True

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                if self._broken:
                    ours.close()
                    continue
                ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # small answers must not wait for more
                theirs = socket.socket(socket.AF_UNIX)
                theirs.connect(self._socket)
                connection = _Connection(self, ours, theirs)
                self._open.add(connection)
                connection.start()

    def gone(self, connection: _Connection) -> None:
        self._open.discard(connection)


class _Connection:
    def __init__(self, wire: Wire, ours: socket.socket, theirs: socket.socket) -> None:
        self._wire, self._ours, self._theirs, self._keeps_back = wire, ours, theirs, False

    def start(self) -> None:
        for pump in (self._ask, self._answer):
            threading.Thread(target=self._pump, args=(pump,), daemon=True).start()

    def close(self) -> None:
        self._wire.gone(self)
        for one in (self._ours, self._theirs):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _pump(self, step: Callable[[], bool]) -> None:
        with suppress(OSError):
            while step():
                pass
        self.close()

    def _ask(self) -> bool:
        piece = self._ours.recv(65_536)
        cut = self._wire.cut_at_commit() if COMMIT in piece else None
        if cut:
            self._wire.cuts.append(cut)
        if cut == "before" or not piece:
            return False
        self._keeps_back = cut == "after"
        self._theirs.sendall(piece)
        return True

    def _answer(self) -> bool:
        piece = self._theirs.recv(65_536)
        if not piece or (self._keeps_back and COMMIT in piece):
            return False
        self._ours.sendall(piece)
        return True
