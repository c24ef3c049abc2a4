"""Java and Maven: which of them the machine has, and the server's jars by them."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from tests.neo4j_server.cache import kept

#: Where systems put their Java installations.
JAVA_FOLDERS = ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", "/opt/java")

#: Which server the tests start; `make test-neo4j NEO4J_VERSION=...` sets the variable.
VERSION = "TRACEGRAPH_TEST_NEO4J_VERSION"
POM = Path(__file__).with_name("pom.xml")


def chosen_version() -> str:
    """The version that the environment names, else the one of pom.xml."""
    (default,) = re.findall(r"<neo4j\.version>(.+)</neo4j\.version>", POM.read_text(encoding="utf-8"))
    return os.environ.get(VERSION) or str(default)


def is_calendar(version: str) -> bool:
    """Whether a server is numbered by year (2025.01 and later), not 5.x."""
    return int(version.split(".")[0]) >= 2025


@lru_cache
def java_for(version: str) -> Path:
    """The first Java on this machine that can run a server of this version; the test fails where there is none."""
    needed = 21 if is_calendar(version) else 17
    for java in _all_java():
        if _major(java) >= needed:
            return java
    pytest.fail(
        f"no Java {needed} or newer was found, which Neo4j {version} needs: install it (Debian, Ubuntu: apt "
        f"install openjdk-{needed}-jre-headless) or set JAVA_HOME, or name a running server in TRACEGRAPH_TEST_NEO4J",
        pytrace=False,
    )


def _all_java() -> Iterator[Path]:
    if os.environ.get("JAVA_HOME"):
        yield Path(os.environ["JAVA_HOME"], "bin", "java")
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path)
    for folder in map(Path, JAVA_FOLDERS):
        yield from sorted([*folder.glob("*/bin/java"), *folder.glob("*/Contents/Home/bin/java")])


def _major(java: Path) -> int:
    """17 of `openjdk version "17.0.15"`; 0 where it does not run."""
    found = re.search(r'version "(\d+)', _about(java))
    return int(found[1]) if found else 0


def identity_of(java: Path) -> str:
    """A short name of exactly this Java."""
    return hashlib.sha256(_about(java).encode()).hexdigest()[:12]


@lru_cache
def _about(java: Path) -> str:
    try:
        return subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    except OSError:
        return ""


def server_jars(version: str) -> Path:
    """The folder of jars of a server; fetched by Maven where it is not in the cache yet."""
    return kept(f"neo4j/{version}/jars", lambda folder: _fetch(version, folder))


def _fetch(version: str, folder: Path) -> None:
    maven = shutil.which("mvn")
    if not maven:
        pytest.fail(
            "Neo4j cannot be fetched for the tests: install Maven (Debian, Ubuntu: apt install maven), or start Docker "
            "and pip install 'testcontainers[neo4j]', or name a running, empty server in TRACEGRAPH_TEST_NEO4J",
            pytrace=False,
        )
    command = [maven, "--quiet", "--batch-mode", "--file", str(POM), f"-Dneo4j.version={version}"]
    command += ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"Maven could not fetch Neo4j {version}; {' '.join(command)} says:\n{done.stdout}", pytrace=False)
