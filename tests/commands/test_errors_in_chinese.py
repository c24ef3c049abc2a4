"""Errors that people meet most are told in Chinese as a whole; each sentence of the catalogue is one that is said."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import LOT, Run
from tracegraph.messages import error_names, error_text

ENGLISH = re.compile(r"[a-z]+,? [a-z]+ [a-z]+")
#: What the operating system says, and commands.
QUOTED = re.compile("No such file or directory|tracegraph keys create")


def _nothing() -> None:
    pass


def _not_ours() -> None:
    Path("other.db").write_bytes(b"this is no database at all, only some text in a file that is long enough")


def _newer() -> None:
    with sqlite3.connect("tracegraph.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()


def _a_folder() -> None:
    Path("other.db").mkdir()


OTHER = ("--store", "sqlite:///other.db")
#: What brings about the error of each name, and what of it stays in the sentence.
TROUBLES: dict[str, tuple[Callable[[], None], tuple[str, ...], str]] = {
    "unknown": (_nothing, ("trace", "forward", "nonsense"), "nonsense"),
    "unknown_near": (_nothing, ("show", "L11"), "https://id.gs1.org/01/09521000123458/10/L1"),
    "no_start": (_nothing, ("trace", "forward"), "site:"),
    "no_store": (_nothing, (*OTHER, "gaps"), "other.db"),
    "store_foreign": (_not_ours, (*OTHER, "gaps"), "other.db"),
    "store_newer": (_newer, ("gaps",), "999"),
    "store_folder": (_a_folder, (*OTHER, "gaps"), "other.db"),
    "store_url": (_nothing, ("--store", "mysql://x", "gaps"), "mysql://x"),
    "no_time": (_nothing, ("where", LOT, "--on", "yesterday"), "yesterday"),
    "not_written": (_nothing, ("export", "epcis", "--output", "missing/x.json"), "missing/x.json"),
    "file_exists": (_nothing, ("backup", "story.json"), "story.json"),
    "no_reason": (_nothing, ("record", "alias", "a", "b"), ""),
    "no_record_kind": (_nothing, ("record", "nothing"), "alias"),
    "no_json": (_nothing, ("scope", "missing.json"), "missing.json"),
    "no_key": (_nothing, ("--as", "office", "gaps"), "TRACEGRAPH_API_KEY"),
    "not_allowed": (_nothing, ("--as", "reader", "backup", "x.db"), "administer"),
}


def test_every_sentence_of_the_catalogue_is_met() -> None:
    assert list(TROUBLES) == error_names()


@pytest.mark.parametrize("name", TROUBLES)
def test_the_whole_sentence_is_chinese(captured: Run, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    bring_about, arguments, kept = TROUBLES[name]
    if "--as" in arguments:
        captured("users", "add", "reader", "--role", "analyst")
        monkeypatch.setenv("TRACEGRAPH_API_KEY", captured("keys", "create", "reader").text.strip())
    bring_about()
    english, chinese = (captured("--lang", language, *arguments) for language in ("en", "zh"))
    assert english.status == chinese.status != 0
    assert kept in chinese.sentence
    assert english.sentence not in chinese.sentence
    assert not ENGLISH.search(QUOTED.sub("", chinese.sentence)), chinese.sentence


def test_what_the_catalogue_has_not_stays_english() -> None:
    assert error_text("the cat is on the roof; fetch it", "zh") == "the cat is on the roof; fetch it"
    assert error_text("unit 'x' is unknown; the nearest known are y", "en").startswith("unit 'x'")
