"""Sends deliveries over HTTP: no proxy, no redirect, no kept connection; whatever the other side does is bounded.

The address is looked up and checked where the connection is made, and what was checked is connected to, while TLS and
the header Host keep the name.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore

from tracegraph.errors import TracegraphError
from tracegraph.service.delivering import Outcome
from tracegraph.service.destinations import Destinations, Endpoint

#: Seconds for a connection, and for the whole of a request.
CONNECT = 5.0
WHOLE = 15.0
#: Waiting times that a receiver asks for beyond this are not believed.
_MOST_WAIT = 86_400


@dataclass(slots=True)
class Webhooks:
    """Sends to destinations that are allowed. `trust`: what certificates must be signed by (None: the system's)."""

    destinations: Destinations
    trust: ssl.SSLContext | None = None
    whole: float = WHOLE
    monotonic: Callable[[], float] = field(default=time.monotonic)

    def __call__(self, destination: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """One attempt. The answer's body is not read."""
        try:
            endpoint = self.destinations.checked(destination)
        except TracegraphError as error:
            return Outcome(error=str(error))
        try:
            return self._sent(endpoint, body, headers)
        except ssl.SSLCertVerificationError:
            return Outcome(error="the certificate of the receiver cannot be verified; have it renewed")
        except httpcore.TimeoutException:
            return Outcome(error="the receiver did not answer in time")
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                return Outcome(error="the certificate of the receiver cannot be verified; have it renewed")
            return Outcome(error="the receiver cannot be reached, or ended the connection without an answer")

    def _sent(self, endpoint: Endpoint, body: bytes, headers: Mapping[str, str]) -> Outcome:
        backend = _Checked(endpoint, self.monotonic, self.monotonic() + self.whole)
        url = httpcore.URL(
            scheme=endpoint.scheme.encode(),
            host=endpoint.host.encode(),
            port=endpoint.port,
            target=endpoint.target.encode(),
        )
        timeouts = {"connect": CONNECT, "read": self.whole, "write": self.whole, "pool": CONNECT}
        more = {"Host": _host(endpoint), "Content-Length": str(len(body)), "Connection": "close"}
        with (
            httpcore.ConnectionPool(self.trust or ssl.create_default_context(), network_backend=backend) as pool,
            pool.stream(
                "POST", url, headers=[*headers.items(), *more.items()], content=body, extensions={"timeout": timeouts}
            ) as answer,
        ):
            return _outcome(answer)


def _host(endpoint: Endpoint) -> str:
    """The header Host; without the port that the scheme has anyway."""
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    usual = {"http": 80, "https": 443}[endpoint.scheme]
    return host if endpoint.port == usual else f"{host}:{endpoint.port}"


def _outcome(answer: httpcore.Response) -> Outcome:
    if 200 <= answer.status < 300:
        return Outcome(answer.status)
    advice = "redirects are not followed" if 300 <= answer.status < 400 else "see its log"
    return Outcome(answer.status, f"the receiver answered {answer.status}; {advice}", _wait(answer))


def _wait(answer: httpcore.Response) -> float | None:
    """Seconds of the header Retry-After; a date there is not understood."""
    for name, value in answer.headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) < 9:
            return float(min(int(value), _MOST_WAIT))
    return None


class _Checked(httpcore.NetworkBackend):
    """Connects to the addresses that were checked, whatever a look-up would say now."""

    def __init__(self, endpoint: Endpoint, monotonic: Callable[[], float], deadline: float) -> None:
        self._endpoint = endpoint
        self._bound = _Bound(monotonic, deadline)
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address that answers."""
        error: Exception = httpcore.ConnectError("no address")
        for address in self._endpoint.addresses:
            try:
                wait = self._bound.within(timeout, httpcore.ConnectTimeout)
                stream = self._backend.connect_tcp(str(address), self._endpoint.port, wait, None, socket_options)
                return _BoundedStream(stream, self._bound)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error


@dataclass(frozen=True, slots=True)
class _Bound:
    """The time at which a request has lasted long enough, however lively the other side is."""

    monotonic: Callable[[], float]
    deadline: float

    def within(self, timeout: float | None, late: type[Exception]) -> float:
        """What is left, at most `timeout`."""
        left = self.deadline - self.monotonic()
        if left <= 0:
            raise late("the time for the whole request is over")
        return left if timeout is None else min(left, timeout)


class _BoundedStream(httpcore.NetworkStream):
    """A connection that ends when the time for the whole request is over."""

    def __init__(self, stream: httpcore.NetworkStream, bound: _Bound) -> None:
        self._stream = stream
        self._bound = bound

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._bound.within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._bound.within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = self._bound.within(timeout, httpcore.ConnectTimeout)
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, wait), self._bound)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
