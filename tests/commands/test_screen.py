"""Tables in a pipe: laid out without rich, to the byte as rich does it."""

from __future__ import annotations

import os
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.commands import screen
from tracegraph.commands.screen import Sheet, plain_lines
from tracegraph.commands.session import Session

CELLS = st.text("ab z-:/9é\u4e2d\u6587\u0301\u200d\U0001f600\t\n\x1b", max_size=12) | st.text(max_size=8)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=4)


def printed(capsys: pytest.CaptureFixture[str], rows: list[list[str]], width: str) -> str:
    with patch.dict(os.environ, {"COLUMNS": width}):
        Sheet(Session(None, "zh", "", 100)).table(("unit", "place", "state"), rows, len(rows))
    return capsys.readouterr().out


@pytest.mark.parametrize("width", ["1000", "40"])
def test_a_table_in_a_pipe_is_what_rich_prints(capsys: pytest.CaptureFixture[str], width: str) -> None:
    @given(ROWS)
    def check(rows: list[list[str]]) -> None:
        found = printed(capsys, rows, width)
        with patch.object(screen, "plain_lines", return_value=None):
            assert found == printed(capsys, rows, width)

    check()


def test_what_has_to_be_folded_or_is_uneven_is_left_to_rich() -> None:
    assert plain_lines([["a", "bb"], ["ccc", ""]], 7) == ["a    bb", "ccc"]
    assert plain_lines([["a", "bb"], ["ccc", ""]], 6) is None
    assert plain_lines([["a", "b"], ["c"]], 100) is None
