"""The command line as a whole: help, global options, languages, how failures end."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import LOT, Run
from tracegraph import __version__, cli
from tracegraph.commands import help_texts
from tracegraph.commands.failures import exit_status
from tracegraph.errors import TracegraphError
from tracegraph.messages import LANGUAGES, Language, help_text, words

HEAVY = {"rich", "pydantic", "numpy", "pandas", "networkx", "biip", "cryptography", "sqlite3", "rapidfuzz", "ijson"}


def commands(command=None, name=""):
    """Every command with its name in the catalogue."""
    command = command or cli.commands()
    yield name or "tracegraph", command
    for inner, subcommand in getattr(command, "commands", {}).items():
        yield from commands(subcommand, f"{name}.{inner}" if name else inner)


COMMANDS = dict(commands())


def test_help_lists_what_exists(run: Run) -> None:
    result = run("--help")
    assert result.status == 0
    top = {name for name in COMMANDS if "." not in name} - {"tracegraph"}
    care = {"verify", "checkpoint", "export", "report", "record", "doctor", "demo"}
    care |= {
        "backup",
        "restore",
        "rebuild",
        "migrate",
        "compact",
        "copy",
        "index",
        "search",
        "prove",
        "profile",
        "template",
    }
    service = {"serve", "users", "keys", "audit", "subscriptions", "people", "outbox"}
    asking = {"trace", "origin", "where", "balance", "metrics", "scope", "show", "gaps", "events", "cases", "sources"}
    asking |= {"recall", "drill", "holds"}
    validating = {"claims", "accounts", "certificates", "packs"}
    assert top == {"capture"} | asking | validating | service | care
    assert all(f"\n  {name} " in result.text for name in top)
    listed = [name for line in result.text.splitlines() if (name := line[2:].partition(" ")[0]) in top]
    assert listed[: len(cli.EVERYDAY)] == list(cli.EVERYDAY)


def test_nothing_given_is_wrong_usage_and_shows_the_help(run: Run) -> None:
    result = run()
    assert result.status == 2
    assert result.text.startswith("Usage: tracegraph")


def test_version(run: Run) -> None:
    assert run("--version").text == f"tracegraph {__version__}\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_explained_with_an_example(name: str, language: Language) -> None:
    assert help_text(name, language)
    assert "tracegraph" in help_text(f"{name}.example", language)
    for parameter in COMMANDS[name].params:
        if parameter.name != "help" and not getattr(parameter, "hidden", False):
            assert help_texts.parameter_text(name, parameter, language), parameter.name


def test_help_of_a_command_shows_the_example(run: Run) -> None:
    assert "Example: tracegraph where 48088" in run("where", "--help").text
    assert "示例：tracegraph where 48088" in run("--lang", "zh", "where", "--help").text


def test_start_is_light() -> None:
    program = (
        "import sys, tracegraph.cli\ntracegraph.cli.main(['--help'])\nprint(*(n.split('.')[0] for n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.splitlines()[-1].split()) == set()


@pytest.mark.parametrize("module", cli.MODULES)
def test_each_module_adds_the_commands_that_it_is_loaded_for(module: str) -> None:
    assert set(cli.commands(module).commands) == set(cli.MODULES[module])


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        ("trace forward capture", "trace"),
        ("--store x --lang=zh --as trace where U", "questions"),
        ("keys list", "access"),
        ("", None),
        ("--help trace", None),
        ("--no-hints trace", None),
        ("tracee", None),
        ("-- trace", None),
        ("--store", None),
    ],
)
def test_only_the_module_of_the_asked_command_is_loaded(arguments: str, module: str | None) -> None:
    assert cli.module_of(arguments.split()) == module


@pytest.mark.parametrize(("words", "on"), [("trace forward", False), ("trace forward -", True), ("capture", True)])
def test_a_process_that_ends_with_its_answer_never_looks_for_circles(
    monkeypatch: pytest.MonkeyPatch, words: str, on: bool
) -> None:
    monkeypatch.setattr(sys, "argv", ["tracegraph", *words.split()])
    monkeypatch.setattr("atexit.register", lambda function: function)
    seen = []
    monkeypatch.setattr(cli, "run", lambda arguments, language: seen.append(gc.isenabled()))
    try:
        assert (cli.main(), seen) == (0, [on])
    finally:
        gc.enable()


def test_commands_of_a_case_are_made_when_they_are_asked_for() -> None:
    program = (
        "import sys, tracegraph.cli\ntracegraph.cli.main(['--help'])\n"
        "print(*(n for n in sys.modules if n.startswith('tracegraph.')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "tracegraph.commands.recall_commands" not in done.stdout.split()


@pytest.mark.parametrize(
    "arguments",
    [
        ("remember",),
        ("recall",),
        ("recall", "approve"),
        ("recall", "reopen", "R-1"),
        ("recall", "open", "R-1", "--colour", "red"),
        ("recall", "open", "R-1", "--reason", "why"),
        ("recall", "open", "nonsense", "--title", "T", "--reason", "why"),
        ("recall", "list", "--state", "asleep"),
        ("recall", "list", "--format", "html"),
        ("trace",),
        ("trace", "sideways", LOT),
        ("trace", "forward", LOT, "--depth", "3"),
        ("trace", "forward", LOT, "--max-hops", "many"),
        ("trace", "forward", LOT, "--max-hops", "-1"),
        ("trace", "forward", LOT, "--on", "yesterday"),
        ("trace", "forward", LOT, "--from", "2026-02-01", "--to", "2026-01-01"),
        ("trace", "forward", LOT, "--certainty", "sure"),
        ("trace", "both", LOT, "--shares"),
        ("trace", "forward", LOT, "--shares", "--max-seconds", "9"),
        ("trace", "forward", LOT, "--infer", "guess"),
        ("trace", "forward", LOT, "--assume", "x.json"),
        ("trace", "forward", "line:L3"),
        ("trace", "forward"),
        ("trace", "forward", "-", LOT, "--format", "ndjson"),
        ("trace", "forward", "-", "--format", "html"),
        ("where", "site:https://farm.example/field"),
        ("balance", "site:https://farm.example/field"),
        ("balance", LOT, "--format", "html"),
        ("gaps", "--format", "html"),
        ("export", "pptx"),
        ("export", "csv", "--lot", LOT),
        ("--lang", "fr", "gaps"),
        ("--store", "oracle://there", "gaps"),
        ("--store", "neo4j://there/a/b", "gaps"),
        ("record", "alias", LOT, "L2"),
        ("record", "alias", LOT, "L2", "--reason", " "),
        ("demo", "rare-earth"),
        ("checkpoint",),
        ("verify", "--checkpoint", "missing.json"),
    ],
)
def test_wrong_usage_is_one_sentence(captured: Run, arguments: tuple[str, ...]) -> None:
    result = captured(*arguments)
    assert result.status == 2
    assert result.out == b""
    assert len(result.sentence) > 20


def test_global_options_are_understood_anywhere(captured: Run) -> None:
    before = captured("--store", "sqlite:///tracegraph.db", "trace", "forward", LOT, "--format", "json")
    after = captured("trace", "forward", LOT, "--store=sqlite:///tracegraph.db", "--format", "json")
    assert before.out == after.out
    assert captured("trace", "forward", LOT, "--store", "sqlite:///other.db").status == 4


def test_what_follows_two_dashes_is_no_option() -> None:
    assert cli.hoisted(["show", "--", "--store", "x"]) == ["show", "--", "--store", "x"]
    assert cli.hoisted(["show", "x", "--lang"]) == ["--lang", "show", "x"]


def test_the_environment_names_store_and_language(
    captured: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRACEGRAPH_STORE", f"sqlite:///{tmp_path / 'missing.db'}")
    assert captured("gaps").status == 4
    monkeypatch.setenv("TRACEGRAPH_STORE", f"sqlite:///{tmp_path / 'tracegraph.db'}")
    monkeypatch.setenv("TRACEGRAPH_LANG", "zh")
    assert "缺口" in captured("gaps").text
    assert captured("--lang", "en", "gaps").text.startswith("What the records do not say")


def errors(kind=TracegraphError):
    yield kind
    for inner in kind.__subclasses__():
        yield from errors(inner)


@pytest.mark.parametrize("kind", list(errors()))
def test_every_kind_of_error_has_words(kind: type[TracegraphError]) -> None:
    assert words(f"error_{kind.__name__}", "zh")


def test_errors_in_chinese_say_what_kind_they_are(captured: Run) -> None:
    assert captured("--lang", "zh", "trace", "forward", "nonsense").sentence.startswith("未知标识：")


def test_a_bug_is_told_in_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_):
        raise KeyError("missing")

    monkeypatch.setattr(help_texts, "translate", fail)
    result = run("gaps")
    assert result.status == 70
    assert "bug in tracegraph (KeyError" in result.sentence


def test_with_debug_a_bug_shows_where(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TRACEGRAPH_DEBUG", "1")
    assert exit_status(KeyError("missing"), "en") == 70
    assert "KeyError: 'missing'" in capsys.readouterr().err


def test_interrupted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(help_texts, "translate", interrupt)
    result = run("gaps")
    assert (result.status, "Interrupted" in result.sentence) == (130, True)


def test_a_reader_that_goes_away_is_no_error(captured: Run) -> None:
    """More than a pipe holds, so that writing meets the closed pipe."""
    program = "tracegraph trace forward - --format ndjson < starts.txt | head -c 10; echo ${PIPESTATUS[0]}"
    Path("starts.txt").write_text(f"{LOT}\n" * 200)
    path = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["bash", "-c", program], capture_output=True, text=True, check=True, env={"PATH": f"{path}:/usr/bin:/bin"}
    )
    assert done.stdout.splitlines()[-1].endswith("141")
    assert done.stderr == ""


def test_identifiers_cannot_play_with_the_terminal(captured: Run) -> None:
    result = captured("trace", "forward", "\x1b[2J\nforged")
    assert result.status == 3
    assert "\x1b" not in result.sentence


def test_answers_are_json_whatever_the_language(captured: Run) -> None:
    english, chinese = (captured("--lang", language, "gaps", "--format", "json").json for language in ("en", "zh"))
    for answer in (english, chinese):
        assert {gap.pop("message") for gap in answer["gaps"]}
    assert json.dumps(english) == json.dumps(chinese)
