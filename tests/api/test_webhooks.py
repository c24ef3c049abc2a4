"""How deliveries travel: the address that was checked, one answer, and a bound on what the other side does."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.service.certificates import certificate
from tests.service.receiver import LOST, Receiver
from tracegraph.api.webhooks import Webhooks
from tracegraph.service.destinations import Destinations

LOOPBACK = Destinations.allowing(["127.0.0.1"])
HOME = ip_address("127.0.0.1")


def test_a_delivery_arrives_as_it_was_made() -> None:
    with Receiver() as receiver:
        outcome = Webhooks(LOOPBACK)(receiver.url, b'{"a":1}', {"Content-Type": "application/json", "X-One": "1"})
    assert (outcome.status, outcome.error) == (204, "")
    (taken,) = receiver.requests
    assert (taken.path, taken.body) == ("/events?of=plant", b'{"a":1}')
    assert (taken.headers["x-one"], taken.headers["content-type"]) == ("1", "application/json")
    assert taken.headers["host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410, 500, 503])
def test_what_is_no_success_is_a_failure_and_no_redirect_is_followed(status: int) -> None:
    with Receiver() as other, Receiver(lambda _: status, {"Location": other.url}) as receiver:
        outcome = Webhooks(LOOPBACK)(receiver.url, b"{}", {})
    assert outcome.status == status
    assert outcome.error.startswith(f"the receiver answered {status};")
    assert other.requests == []


@pytest.mark.parametrize(
    ("value", "wait"), [("7", 7), ("99999999", 86_400), ("soon", None), ("-1", None), ("9" * 400, None)]
)
def test_a_pause_that_the_receiver_asks_for(value: str, wait: float | None) -> None:
    with Receiver(lambda _: 503, {"Retry-After": value}) as receiver:
        assert Webhooks(LOOPBACK)(receiver.url, b"{}", {}).wait == wait


def test_no_answer_is_a_failure() -> None:
    with Receiver(lambda _: LOST) as receiver:
        outcome = Webhooks(LOOPBACK)(receiver.url, b"{}", {})
    assert (outcome.status, outcome.error.partition(",")[0]) == (None, "the receiver cannot be reached")
    assert Webhooks(LOOPBACK)(receiver.url, b"{}", {}).status is None


def test_the_address_that_was_checked_is_connected_to() -> None:
    """A name that means another address at every look-up: only the first look-up of a delivery counts."""
    answers = [HOME, ip_address("169.254.169.254")]
    rules = Destinations.allowing(["127.0.0.1"], lambda _: [answers.pop(0)])
    with Receiver() as receiver:
        url = f"http://rebinding.example.com:{receiver.port}/"
        assert Webhooks(rules)(url, b"{}", {}).status == 204
        assert receiver.requests[0].headers["host"] == f"rebinding.example.com:{receiver.port}"
        refused = Webhooks(rules)(url, b"{}", {})
    assert (refused.status, len(receiver.requests)) == (None, 1)


def test_what_became_forbidden_since_is_not_called() -> None:
    with Receiver() as receiver:
        refused = Webhooks(Destinations())(receiver.url, b"{}", {})
    assert refused.status is None
    assert receiver.requests == []


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver() as receiver, Receiver() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert Webhooks(LOOPBACK)(receiver.url, b"{}", {}).status == 204
    assert (len(receiver.requests), len(proxy.requests)) == (1, 0)


@contextmanager
def speaking(say: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does what it likes with one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                say(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


def test_an_endless_answer_is_not_read() -> None:
    def say(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    with speaking(say) as url:
        assert Webhooks(LOOPBACK)(url, b"{}", {}).status == 200


def test_an_answer_that_drips_ends_with_the_time_for_the_whole() -> None:
    """Each byte comes in time, the whole does not."""
    ended = threading.Event()

    def say(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not ended.wait(0.05):
            connection.sendall(b"X: y\r\n")

    with speaking(say) as url:
        outcome = Webhooks(LOOPBACK, whole=0.5)(url, b"{}", {})
        ended.set()
    assert (outcome.status, outcome.error) == (None, "the receiver did not answer in time")


@pytest.mark.parametrize(
    "said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 X\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000]
)
def test_what_is_no_answer_is_a_failure(said: bytes) -> None:
    def say(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(said)

    with speaking(say) as url:
        outcome = Webhooks(LOOPBACK, whole=5)(url, b"{}", {})
    assert outcome.status is None
    assert "nonsense" not in outcome.error


@contextmanager
def secured(folder: Path, host: str) -> Iterator[tuple[Receiver, ssl.SSLContext]]:
    """A receiver with TLS for a host, and what trusts its certificate."""
    file = certificate(folder, host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with Receiver() as receiver:
        receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
        yield receiver, ssl.create_default_context(cafile=str(file))


def test_tls_is_for_the_name_while_the_connection_is_to_the_address(tmp_path: Path) -> None:
    rules = Destinations.allowing(["127.0.0.1"], lambda _: [HOME])
    with secured(tmp_path, "client.example.com") as (receiver, trust):
        good, other = (f"https://{name}.example.com:{receiver.port}/" for name in ("client", "other"))
        assert Webhooks(rules, trust)(good, b"{}", {}).status == 204
        refused = [Webhooks(rules, trust)(other, b"{}", {}), Webhooks(rules)(good, b"{}", {})]
    assert [one.status for one in refused] == [None, None]
    assert all("certificate" in one.error for one in refused)
    assert len(receiver.requests) == 1
