"""A pack is one folder, in one part or in several; a name that two parts say is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tracegraph.claims.pack import Pack, pack_of
from tracegraph.errors import InputError

RULE = {"id": "T-1", "clause": "1", "severity": "minor", "module": "nothing"}
WORDS: dict[str, Any] = {"T-1": {"pass": {"en": "one", "zh": "一"}}}
LIMIT = {"limit": {"value": "1", "verified": False}}


def loaded(folder: Path, monkeypatch: pytest.MonkeyPatch, **written: Any) -> Pack:
    """The pack of a folder with these files; `__` stands for the folder's separator."""
    package = folder / folder.name
    (package / "rules").mkdir(parents=True)
    for module in ("__init__", "rules/__init__", "rules/nothing"):
        (package / f"{module}.py").write_text("def evaluate(world, parameters):\n    return ()\n", "utf-8")
    head = {"id": "t", "version": "1", "title": {"en": "t", "zh": "t"}, "source": "t"}
    for name, content in {"pack": {}, **written}.items():
        file = package / f"{name.replace('__', '/')}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({**head, **content} if name == "pack" else content), "utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, folder.name, raising=False)
    return pack_of(folder.name)


def test_a_pack_in_parts_is_the_same_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = loaded(tmp_path / "pack_whole", monkeypatch, pack={"rules": [RULE], "parameters": LIMIT}, texts=WORDS)
    parts = loaded(
        tmp_path / "pack_parts", monkeypatch, rules__one={"rules": [RULE], "parameters": LIMIT}, texts__one=WORDS
    )
    assert [rule.id for rule in whole.rules] == [rule.id for rule in parts.rules] == ["T-1"]
    assert whole.parameters == parts.parameters
    assert whole.texts == parts.texts == WORDS
    assert whole.hash != parts.hash


def test_a_name_in_two_parts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="T-1 is said in two files"):
        loaded(tmp_path / "pack_twice", monkeypatch, pack={"rules": [RULE]}, texts=WORDS, texts__more=WORDS)
    with pytest.raises(InputError, match="limit is said in two files"):
        loaded(tmp_path / "pack_limits", monkeypatch, pack={"parameters": LIMIT}, rules__more={"parameters": LIMIT})
