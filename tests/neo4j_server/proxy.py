"""A network between driver and server that can be cut: everything passes until then."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress


class Proxy:
    """Listens on `port` and passes on to `target`, a port of this machine.

    `watch` sees each piece that a client sends before it goes on; a test may cut there, in mid-query. Where `deaf` is
    set, the next answer of the server does not come through, but ends everything: what was asked was done, and nobody
    knows.
    """

    def __init__(self, target: int, watch: Callable[[bytes], None] = lambda _: None) -> None:
        self.target = target
        self.watch = watch
        self.deaf = False
        self._open = True
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def cut(self) -> None:
        """End every connection at once and accept no other."""
        self._open = False
        self.drop()

    def drop(self) -> None:
        """End every connection at once; new ones are accepted."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for one in pair:
                _end(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if not self._open:
                _end(client)
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                _end(client)
                continue
            self._pairs.append((client, server))
            threading.Thread(target=self._pass_on, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, from_client: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                if from_client:
                    self.watch(piece)
                elif self.deaf:
                    self.cut()
                sink.sendall(piece)
        _end(source)
        _end(sink)


def _end(one: socket.socket) -> None:
    """Close it for both sides, also where another thread waits for it."""
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
