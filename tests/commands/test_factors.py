"""`tracegraph accounts factors`: conversion factors and what really came out."""

from __future__ import annotations

from tests.commands.conftest import Run
from tracegraph import Tracegraph

FACTOR = ("factor=F", "site=mill", "input=x", "output=p", "value=0.8", "from=2026-01-01")
STOCK = ("stock=S", "site=mill", "product=p", "unit=TNE", "from=2026-01-01", "to=2026-01-31", "used=100", "produced=84")


def test_factors_with_their_yields(captured: Run) -> None:
    assert captured("record", "factor", *FACTOR, "--reason", "trial").status == 0
    assert captured("record", "stock", *STOCK, "--reason", "count").status == 0
    text = captured("accounts", "factors").text
    assert [line.split() for line in text.splitlines()[1:2]] == [["F", "x", "p", "0.8"]]
    assert text.splitlines()[-1].split() == ["F", "S", "0.84", "0.05"]
    assert captured("accounts", "factors", "--on", "2025-12-31").text.count("F") == 0
    with Tracegraph.open("sqlite:///tracegraph.db") as graph:
        [factor] = graph.factors().to_dict()["result"]["factors"]
    assert [(one["yield"], one["drift"]) for one in factor["yields"]] == [("0.84", "0.05")]
