"""The machinery that runs the commands of documentation pages: a wrong page must fail."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.pages import Command, agrees, parse_commands, run_command
from tests.wheel import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser
from tests.pages import close_page, evaluate_console, evaluate_python, open_page
parsers = [CodeBlockParser("console", evaluate_console), CodeBlockParser("python", evaluate_python)]
pytest_collect_file = Sybil(parsers, patterns=["*.md"], setup=open_page, teardown=close_page).pytest()
"""

WRITES_AND_READS = """
```console
$ echo 1 > number
```

```python
from pathlib import Path
number = Path("number").read_text()
```

"""


def test_a_block_is_commands_and_their_output() -> None:
    block = "$ printf 'a\\nb\\n'\na\nb\n\n$ cat <<END\n> c\n> END\nc\n"
    assert parse_commands(block) == [Command("printf 'a\\nb\\n'", ["a", "b", ""]), Command("cat <<END\nc\nEND", ["c"])]


def test_a_block_begins_with_a_command() -> None:
    with pytest.raises(ValueError, match="begins with a line"):
        parse_commands("output\n$ command\n")


@pytest.mark.parametrize(
    ("expected", "actual", "answer"),
    [
        (["a"], ["a"], True),
        (["a"], ["b"], False),
        (["a"], ["a", "b"], False),
        ([], ["a"], False),
        (["..."], [], True),
        (["a", "...", "z"], ["a", "b", "c", "z"], True),
        (["a", "...", "z"], ["a", "z"], True),
        (["a", "...", "z"], ["a", "b"], False),
        (["took ... s"], ["took 12 s"], True),
        (["took ... s"], ["took 12 s", "more"], False),
        (["1.5"], ["1x5"], False),
    ],
)
def test_output_agrees(expected: list[str], actual: list[str], answer: bool) -> None:
    assert agrees(expected, actual) is answer


def test_a_failing_command_fails_the_page(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="exit status 3"):
        run_command(Command("exit 3"), tmp_path)


def test_other_output_fails_the_page(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"\+one"):
        run_command(Command("echo one", ["two"]), tmp_path)


def test_a_page_is_one_folder_and_one_namespace(tmp_path: Path) -> None:
    assert run_page(tmp_path, WRITES_AND_READS + "```python\nassert number == '1\\n'\n```\n") == 0
    assert run_page(tmp_path, WRITES_AND_READS + "```python\nassert number == '2\\n'\n```\n") == 1


def test_a_wrong_page_fails(tmp_path: Path) -> None:
    assert run_page(tmp_path, "```console\n$ echo 1\n2\n```\n") == pytest.ExitCode.TESTS_FAILED


def test_a_page_hides_the_settings_of_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACEGRAPH_STORE", "sqlite:///precious.db")
    run_command(Command("echo \"store '$TRACEGRAPH_STORE'\"", ["store ''"]), tmp_path)


def run_page(folder: Path, text: str) -> int:
    (folder / "page.md").write_text(text, encoding="utf-8")
    (folder / "conftest.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\n", encoding="utf-8")
    pytest_run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "page.md"]
    return subprocess.run(pytest_run, cwd=folder, capture_output=True, check=False).returncode
