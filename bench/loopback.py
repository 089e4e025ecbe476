"""Requests over loopback for the benches: as fast as answers come, or at fixed moments whatever answers do."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping, Sequence


def request_bytes(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request as it goes over the wire; made beforehand, so that the client costs little."""
    lines = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> int:
    """Send one request and read its answer whole; answers the status."""
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, length = int(head.split(" ", 2)[1]), 0
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
    if length:
        await reader.readexactly(length)
    return status


def closed_loop(port: int, requests: Sequence[bytes], *, connections: int, expect: int) -> float:
    """Requests a second when each connection sends its next one as soon as the last is answered."""

    async def run() -> float:
        waiting = iter(requests)
        streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]

        async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for sent in waiting:
                status = await _ask(reader, writer, sent)
                assert status == expect, status

        started = time.perf_counter()
        await asyncio.gather(*(work(*stream) for stream in streams))
        passed = time.perf_counter() - started
        for _, writer in streams:
            writer.close()
        return len(requests) / passed

    return asyncio.run(run())


def open_loop(port: int, requests: Sequence[bytes], *, per_second: float, connections: int, expect: int) -> list[float]:
    """Seconds from the moment a request was due to its answer; a slow answer delays nobody's due moment."""

    async def run() -> list[float]:
        pool: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        for _ in range(connections):
            pool.put_nowait(await asyncio.open_connection("127.0.0.1", port))

        async def one(sent: bytes, due_at: float) -> float:
            stream = await pool.get()
            status = await _ask(*stream, sent)
            assert status == expect, status
            pool.put_nowait(stream)
            return time.perf_counter() - due_at

        started, tasks = time.perf_counter(), []
        for place, sent in enumerate(requests):
            due_at = started + place / per_second
            await asyncio.sleep(max(0.0, due_at - time.perf_counter()))
            tasks.append(asyncio.create_task(one(sent, due_at)))
        found = await asyncio.gather(*tasks)
        while not pool.empty():
            pool.get_nowait()[1].close()
        return found

    return asyncio.run(run())


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed, in milliseconds."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000
