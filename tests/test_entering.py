"""Records as they are appended: canonical JSON, whichever encoder wrote it."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tracegraph.errors import UsageError
from tracegraph.model.record import Record
from tracegraph.recompile.entering import _written_quickly, record_entry

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15) + 1, 10**15 - 1)
    | st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]))
)
ODD = PLAIN | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text()


def values(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    keys = st.text("ab\ue000\U00010000Z\x7f\n", max_size=2)
    inner = st.recursive(
        leaves, lambda of: st.lists(of, max_size=3) | st.dictionaries(keys, of, max_size=4), max_leaves=8
    )
    return st.dictionaries(st.text("abc:,[", max_size=3), inner, max_size=4)


@given(values(PLAIN) | values(ODD))
def test_what_is_written_quickly_is_canonical(stated: dict[str, Any]) -> None:
    quickly = _written_quickly(stated)
    assert quickly is None or quickly == rfc8785.dumps(stated)


def test_the_usual_record_is_written_quickly() -> None:
    told: dict[str, Any] = {
        "kind": "k",
        "data": {"at": "2026-01-31T09:00:00.634873Z", "no": 12, "unit": "https://example.org/1.5", "of": []},
    }
    assert _written_quickly(told) == rfc8785.dumps(told)
    for odd in (1.5, 10.0, 1e300, 10**16, "\U00010000", ["a", -1e-9], "\ud800"):
        assert _written_quickly({"odd": odd}) is None


def test_what_has_no_form_is_refused() -> None:
    for odd in ("\ud800", float("nan"), 2**60, {1, 2}):
        with pytest.raises(UsageError, match="cannot be written as JSON"):
            record_entry(Record("kind", "id", {"odd": odd}))
