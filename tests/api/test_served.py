"""The command `tracegraph serve`, as a process."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.api.served import NotServing, Served
from tracegraph.commands.serve import listening


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with Served(f"sqlite:///{tmp_path}/store.db", tmp_path) as served:
        assert json.loads(urlopen(f"{served.address}/health").read())["status"] == "up"
        assert served.stop() == 0
    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{")]
    assert {"/health", "/ready"} == {line["path"] for line in lines if line["event"] == "request"}


def test_it_can_be_killed_and_begun_again(tmp_path: Path) -> None:
    with Served(f"sqlite:///{tmp_path}/store.db", tmp_path) as served:
        assert served.kill() < 0
        served.start()
        assert served.memory() > 10_000_000


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NotServing) as refused:
            Served(f"sqlite:///{tmp_path}/store.db", tmp_path, port=port).start()
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in str(refused.value)


def test_it_says_how_to_make_the_first_administrator_until_there_is_one(tmp_path: Path) -> None:
    with Served(f"sqlite:///{tmp_path}/store.db", tmp_path) as served:
        assert "tracegraph users add NAME --role admin" in served.log.read_text()
        served.stop()
        asked_of(served, "users", "add", "office", "--role", "admin")
        served.log.write_text("")
        served.start()
        assert "users add" not in served.log.read_text()


def test_a_key_revoked_on_the_machine_stops_at_once(tmp_path: Path) -> None:
    with Served(f"sqlite:///{tmp_path}/store.db", tmp_path) as served:
        asked_of(served, "users", "add", "office", "--role", "admin")
        key = asked_of(served, "keys", "create", "office").strip()
        request = Request(f"{served.address}/metrics", headers={"X-API-Key": key})
        assert urlopen(request).status == 200
        asked_of(served, "keys", "revoke", key)
        with pytest.raises(HTTPError, match="401"):
            urlopen(request)
        served.stop()
        assert [entry["status"] for entry in json.loads(asked_of(served, "audit", "--format", "json"))] == [401, 200]


def asked_of(served: Served, *arguments: str) -> str:
    """What a command says of the served store."""
    command = [sys.executable, "-m", "tracegraph.cli", f"--store={served.store}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """Connections inherit it from the socket that listens."""
    with listening("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
