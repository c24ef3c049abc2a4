"""docker-compose.yml: valid, without a default password, and its Neo4j starts and is found healthy.

No container runs here. What the image does with the file is done without it: its variables become settings, Neo4j's own
start command is asked how to run Java, and the health check runs against what then runs.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.api.served import Served
from tests.deployment.composing import COMPOSE, Missing, composed, settings_of
from tests.neo4j_server.java import POM, chosen_version, java_for, server_jars
from tests.neo4j_server.server import OPENED, QUICK, Server, free_port

PASSWORD = "enough-letters"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(composed({"NEO4J_PASSWORD": PASSWORD})["services"])


def test_the_file_is_what_compose_accepts() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_there_is_no_default_password() -> None:
    for variables in ({}, {"NEO4J_PASSWORD": ""}):
        with pytest.raises(Missing, match=r"choose a password .* export it as NEO4J_PASSWORD"):
            composed(variables)


def test_the_version_is_the_one_that_is_tested_and_can_be_chosen(services: dict[str, Any]) -> None:
    (tested,) = re.findall(r"<neo4j\.version>(.+)</neo4j\.version>", POM.read_text(encoding="utf-8"))
    assert services["neo4j"]["image"] == f"neo4j:{tested}-community"
    chosen = composed({"NEO4J_PASSWORD": PASSWORD, "NEO4J_VERSION": "2026.08.1"})
    assert chosen["services"]["neo4j"]["image"] == "neo4j:2026.08.1-community"


def test_data_stay_and_nobody_else_gets_in(services: dict[str, Any]) -> None:
    mounted = dict(volume.split(":") for volume in services["neo4j"]["volumes"])
    assert mounted == {"data": "/data", "logs": "/logs"}
    assert {*mounted, "service"} == set(composed({"NEO4J_PASSWORD": PASSWORD})["volumes"])
    assert all(port.startswith("127.0.0.1:") for name in ("neo4j", "api") for port in services[name]["ports"])


@pytest.mark.parametrize("name", ["tracegraph", "api"])
def test_tracegraph_waits_for_neo4j_and_has_its_password(services: dict[str, Any], name: str) -> None:
    tracegraph = services[name]
    assert tracegraph["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert tracegraph["environment"]["NEO4J_PASSWORD"] == PASSWORD
    assert services["neo4j"]["environment"]["NEO4J_AUTH"] == f"neo4j/{PASSWORD}"
    assert tracegraph["environment"]["TRACEGRAPH_STORE"] == "neo4j://neo4j:7687/neo4j"


def test_the_api_and_the_commands_share_one_service_file(services: dict[str, Any]) -> None:
    files = {services[name]["environment"]["TRACEGRAPH_SERVICE_FILE"] for name in ("tracegraph", "api")}
    assert files == {"/service/tracegraph.service"}
    assert all("service:/service" in services[name]["volumes"] for name in ("tracegraph", "api"))


def test_the_api_starts_so_and_is_found_healthy(services: dict[str, Any], tmp_path: Path) -> None:
    api = services["api"]
    command, host, port = api["command"]
    assert (command, host, port) == ("serve", "--host=0.0.0.0", "--port=8000")
    served = Served(f"sqlite:///{tmp_path}/store.db", tmp_path, host)
    assert not healthy(api, served.port)
    with served:
        assert healthy(api, served.port)


class ComposedServer(Server):
    """A server that is run as the image runs it: by the command that Neo4j itself makes of its settings."""

    command: ClassVar[list[str]] = []

    def _command(self) -> list[str]:
        boot = [str(java_for(self.version)), "-cp", f"{server_jars(self.version)}/*"]
        boot += ["org.neo4j.server.startup.Neo4jCommand", "console", "--dry-run"]
        folders = {"NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")}
        java = {"JAVA_HOME": str(java_for(self.version).resolve().parents[1])}
        done = subprocess.run(boot, env={**os.environ, **folders, **java}, capture_output=True, text=True, check=True)
        self.command[:] = shlex.split(done.stdout)
        return self.command


def test_neo4j_starts_so_and_is_found_healthy(services: dict[str, Any]) -> None:
    neo4j = services["neo4j"]
    port = free_port()
    here = {  # what is the container's own: its folders, its Java, its whole network
        "server.directories.lib": str(server_jars(chosen_version())),
        "server.jvm.additional": " ".join([*QUICK, *OPENED]),
        "server.http.enabled": "true",
        "server.http.listen_address": f"127.0.0.1:{port}",
    }
    settings = settings_of(neo4j["environment"])
    assert settings["server.memory.heap.max_size"] == "1G"
    server = ComposedServer(settings=settings | here, password=neo4j["environment"]["NEO4J_AUTH"].split("/")[1])
    assert not healthy(neo4j, port)
    with server:
        while not healthy(neo4j, port):
            time.sleep(0.2)
        assert "-Xmx1048576k" in server.command
        server.kill()
        assert not healthy(neo4j, port)


def healthy(service: dict[str, Any], port: int) -> bool:
    """What the health check says, of a server on another port."""
    kind, *command = service["healthcheck"]["test"]
    assert kind == "CMD"
    words = [re.sub(r"(127\.0\.0\.1):\d+/", rf"\1:{port}/", word) for word in command]
    assert words != command
    return subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode == 0
