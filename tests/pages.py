r"""A pytest plugin: commands and Python of README.md and docs/*.md run as tests, and must print what the page says.

    ```console
    $ tracegraph capture events.ndjson
    12 accepted, 0 duplicate, 0 rejected
    ```

Each page has one temporary folder with a copy of examples/, one Python namespace, and runs from top to bottom. A line
that begins with `$ ` is a command for bash, continued by lines that begin with `> `; what follows is its output, stdout
and stderr together. A line `...` stands for any number of lines, `...` inside a line for any text. A command must
succeed; to show one that fails, end it with `|| echo "exit status $?"`. Blocks headed `console no-test` do not run.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "page_folder"
PASSED_ON = ("HOME", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


@dataclass
class Command:
    """One command of a page and the lines that it must print."""

    text: str
    expected: list[str] = field(default_factory=list)


def parse_commands(block: str) -> list[Command]:
    """The commands of a console block, in order; a ValueError where the block does not begin with one."""
    commands: list[Command] = []
    for line in block.rstrip().splitlines():
        if line.startswith("$ "):
            commands.append(Command(line[2:]))
        elif not commands:
            raise ValueError(f"a console block begins with a line '$ command', not with {line!r}")
        elif line.startswith("> ") and not commands[-1].expected:
            commands[-1].text += "\n" + line[2:]
        else:
            commands[-1].expected.append(line)
    return commands


def agrees(expected: list[str], actual: list[str]) -> bool:
    """Whether the output is as the page says; see the module's text for what `...` stands for."""
    pattern = "".join(line_pattern(line) for line in expected)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in actual)) is not None


def line_pattern(line: str) -> str:
    """The regular expression for one expected line with its line end."""
    if line.strip() == "...":
        return r"(?:.*\n)*"
    return ".*".join(re.escape(part) for part in line.rstrip().split("...")) + r"\n"


def run_command(command: Command, folder: Path) -> None:
    """Run it in the page's folder; an AssertionError where it fails or prints something else."""
    done = subprocess.run(
        ["bash", "-c", command.text],
        cwd=folder,
        env=page_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    actual = done.stdout.rstrip().splitlines()
    if done.returncode:
        raise AssertionError(f"$ {command.text}\nexit status {done.returncode}, printing:\n{done.stdout}")
    expected = trimmed(command.expected)
    if not agrees(expected, actual):
        difference = difflib.unified_diff(expected, actual, "the page says", "the command prints", lineterm="")
        raise AssertionError("\n".join([f"$ {command.text}", *difference]))


def trimmed(lines: list[str]) -> list[str]:
    """Without the empty lines at the end, which only separate commands."""
    return "\n".join(lines).rstrip().splitlines()


def page_environment() -> dict[str, str]:
    """What a command sees: this environment's programs, no settings of whoever runs the tests."""
    scripts = str(Path(sys.executable).parent)
    return {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        "COLUMNS": "120",
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "TZ": "UTC",
    }


def evaluate_console(example: Example) -> None:
    for command in parse_commands(str(example.parsed)):
        run_command(command, example.namespace[FOLDER])


def evaluate_python(example: Example) -> None:
    with contextlib.chdir(example.namespace[FOLDER]):
        PythonEvaluator()(example)


def open_page(namespace: dict[str, Any]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="tracegraph-page-"))
    namespace[FOLDER] = folder
    if (ROOT / "examples").is_dir():
        shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))


def close_page(namespace: dict[str, Any]) -> None:
    shutil.rmtree(namespace.pop(FOLDER))


pytest_collect_file = Sybil(
    parsers=[CodeBlockParser("console", evaluate_console), CodeBlockParser("python", evaluate_python)],
    path=str(ROOT),
    patterns=["README.md", "docs/*.md"],
    setup=open_page,
    teardown=close_page,
).pytest()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the examples of one page on one worker, in their order."""
    for item in items:
        if isinstance(getattr(item, "example", None), Example):
            item.add_marker(pytest.mark.xdist_group(item.path.name))
