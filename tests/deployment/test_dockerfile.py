"""The Dockerfile, as far as it can be followed without Docker: what it copies makes the wheel, what it names exists."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.wheel import ROOT, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def instructions() -> Iterator[tuple[str, str]]:
    """Each instruction and what follows it."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, " ".join(rest.split())


def given(word: str) -> list[str]:
    return [rest for found, rest in instructions() if found == word]


def test_it_copies_what_makes_a_wheel() -> None:
    """The wheel of just these files is built and installed by `make types`."""
    copied = [name for rest in given("COPY") if not rest.startswith("--from") for name in rest.split()[:-1]]
    assert set(copied) == set(SOURCES)


def test_folders_keep_their_names() -> None:
    pairs = [rest.split() for rest in given("COPY") if not rest.startswith("--from")]
    assert all(names[-1] in ("./", names[0]) for names in pairs)


def test_nothing_else_is_sent_to_docker() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("!") for line in lines if line.startswith("!")} == set(SOURCES)
    assert "*" in lines


def test_the_extras_and_the_command_exist() -> None:
    (extras,) = re.findall(r"whl\)\[([\w,-]+)\]", " ".join(given("RUN")))
    assert set(extras.split(",")) <= set(PROJECT["optional-dependencies"])
    assert [json.loads(rest) for rest in given("ENTRYPOINT")] == [["tracegraph"]]
    assert "tracegraph" in PROJECT["scripts"]


def test_it_does_not_run_as_root_and_with_a_python_that_is_supported() -> None:
    assert given("USER") == ["tracegraph"]
    (version,) = [rest.split("=")[1] for rest in given("ARG")]
    assert f"Programming Language :: Python :: {version}" in PROJECT["classifiers"]
    assert set(given("FROM")) == {"python:${PYTHON_VERSION}-slim AS build", "python:${PYTHON_VERSION}-slim"}


@pytest.mark.parametrize("instruction", ["ADD", "ENV"])
def test_nothing_is_fetched_or_set_behind_the_back(instruction: str) -> None:
    assert given(instruction) == []
