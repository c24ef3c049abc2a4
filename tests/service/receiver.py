"""A receiver of deliveries in threads of its own: it checks every signature by code of its own, keeps what it took, and
can be out, slow, or take the body and end the connection without a reply."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from tests.service.events import number_of

TOKEN = "a-token-of-the-subscriber"
#: Instead of a status: the body is taken, and then the connection ends.
LOST = 0


@dataclass
class Taken:
    """One request as it arrived; `status`: what was answered."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int

    @property
    def name(self) -> str:
        return self.headers["tracegraph-delivery"]

    @property
    def results(self) -> dict:
        return json.loads(self.body)["epcisBody"]["queryResults"]

    @property
    def numbers(self) -> list[int]:
        return [number_of(event) for event in self.results["resultsBody"]["eventList"]]


@dataclass
class Receiver:
    """`answer`: from how many requests came before to the status of the reply, or LOST."""

    answer: Callable[[int], int] = lambda _: 204
    headers: dict[str, str] = field(default_factory=dict)
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        self.server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self.server.server_address[1]
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def stop(self) -> None:
        """Be out: connections are refused."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events?of=plant"

    @property
    def requests(self) -> list[Taken]:
        with self.lock:
            return list(self.taken)

    @property
    def confirmed(self) -> list[Taken]:
        """What was answered as taken, each delivery once, in the order of its first arrival."""
        first: dict[str, Taken] = {}
        for one in self.requests:
            if one.status == LOST or 200 <= one.status < 300:
                first.setdefault(one.name, one)
        return list(first.values())

    @property
    def numbers(self) -> list[int]:
        """The events, as a receiver sees them that leaves out deliveries which it has."""
        return [number for one in self.confirmed for number in one.numbers]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with receiver.lock:
                status = receiver.answer(len(receiver.taken))
                receiver.taken.append(Taken(self.path, headers, body, status))
            self.close_connection = True
            if status == LOST:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler


def is_signed(taken: Taken, token: str = TOKEN) -> bool:
    """HMAC as RFC 2104 writes it down, without the library that signs."""
    parts = dict(part.split("=", 1) for part in taken.headers["gs1-signature"].split(","))
    message = f"{parts['t']}.{taken.name}.".encode() + taken.body
    return parts["v1"] == _hmac_sha256(token.encode(), message)


def _hmac_sha256(key: bytes, message: bytes) -> str:
    padded = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + message).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in padded) + inner).hexdigest()
