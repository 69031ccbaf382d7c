"""A receiver of webhooks on this machine, which answers as it is told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANG = 0  # instead of a status: no answer for as long as anyone waits
DROP = -1  # instead of a status: the connection ends without an answer


@dataclass
class Receiver:
    """What came in; `answer` decides by the number of the request, from 0."""

    answer: Callable[[int], int]
    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)  # ids that were answered with 2xx
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _body in self.requests]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is expected here."""


@contextmanager
def receiver(answer: Callable[[int], int] = lambda _number: 204) -> Iterator[Receiver]:
    kept = Receiver(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with kept.lock:
                status = kept.answer(len(kept.requests))
                kept.requests.append((headers, body))
                if 200 <= status < 300:
                    kept.accepted.append(headers["webhook-id"])
            if status == HANG:
                time.sleep(1)
            elif status != DROP:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", kept.url)
                self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Nothing on the terminal."""

    server = _Server(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
