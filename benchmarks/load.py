"""A load generator that stays out of the way: raw keep-alive sockets, one thread each.

It reads no more of an answer than its length, so that two cores are left to the server. Run it
in a process of its own: `python -m benchmarks.load HOST PORT PATH SECONDS CONNECTIONS [COOKIE]`.
With `Authorization: …` in place of the cookie that header is sent. BENCH_BODY makes it a PUT of
JSON: in it `{n}` is a number that grows.
"""

import json
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Tally:
    requests: int = 0
    bytes: int = 0
    seconds: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)


def read_answer(stream: socket.socket, rest: bytes) -> tuple[int, int, bytes]:
    """One answer off a keep-alive socket: (status, bytes of its body, what follows it)."""
    while b"\r\n\r\n" not in rest:
        piece = stream.recv(65536)
        if not piece:
            raise ConnectionError("closed before the headers ended")
        rest += piece
    head, _, body = rest.partition(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        elif name.lower() == b"transfer-encoding":
            raise ConnectionError("chunked answers are not measured")
    while len(body) < length:
        piece = stream.recv(65536)
        if not piece:
            raise ConnectionError("closed before the body ended")
        body += piece
    return status, length, body[length:]


def hammer(
    host: str, port: int, head: str, body: str, until: float, tally: Tally, start: int
) -> None:
    stream = socket.create_connection((host, port), timeout=30)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    rest, number = b"", start
    request = f"{head}\r\n\r\n".encode()
    while time.perf_counter() < until:
        if body:
            number += 1
            content = body.replace("{n}", str(number))
            request = f"{head}\r\nContent-Length: {len(content)}\r\n\r\n{content}".encode()
        began = time.perf_counter()
        stream.sendall(request)
        status, length, rest = read_answer(stream, rest)
        tally.seconds.append(time.perf_counter() - began)
        tally.requests += 1
        tally.bytes += length
        if status != 200:
            tally.errors[str(status)] = tally.errors.get(str(status), 0) + 1
    stream.close()


def measure(
    host: str, port: int, path: str, seconds: float, connections: int, cookie: str
) -> dict[str, object]:
    """Requests a second and latencies in milliseconds."""
    body = os.environ.get("BENCH_BODY", "")
    lines = [f"Host: {host}:{port}", "Accept-Encoding: br, gzip"]
    if body:
        lines.append("Content-Type: application/json")
    if cookie:
        lines.append(cookie if cookie.startswith("Authorization:") else f"Cookie: {cookie}")
    head = "\r\n".join([f"{'PUT' if body else 'GET'} {path} HTTP/1.1", *lines])
    start = time.time_ns() // 1000  # greater than in every call before
    tallies = [Tally() for _ in range(connections)]
    began = time.perf_counter()
    threads = [
        threading.Thread(
            target=hammer,
            args=(host, port, head, body, began + seconds, tally, start),
        )
        for tally in tallies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    latencies = sorted(value for tally in tallies for value in tally.seconds)
    errors: dict[str, int] = {}
    for tally in tallies:
        for status, count in tally.errors.items():
            errors[status] = errors.get(status, 0) + count
    return {
        "requests": len(latencies),
        "per_second": len(latencies) / elapsed,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
        "bytes": tallies[0].bytes // max(tallies[0].requests, 1),
        "errors": errors,
    }


if __name__ == "__main__":
    _, host, port, path, seconds, connections, *cookie = sys.argv
    report = measure(
        host, int(port), path, float(seconds), int(connections), cookie[0] if cookie else ""
    )
    print(json.dumps(report))
