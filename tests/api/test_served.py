"""The command `tracegraph serve`, as a process."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.api.served import NotServing, Served


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
