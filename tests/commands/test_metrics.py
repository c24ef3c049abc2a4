"""`tracegraph metrics` in every form."""

from __future__ import annotations

import csv
import io

import pytest

from tests.commands.conftest import FARM, LOT, LOT_KEY, PLANT, Run
from tracegraph.trace.metrics import BY, Metric, Period


@pytest.mark.parametrize("metric", Metric)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_for_people(captured: Run, metric: str, language: str) -> None:
    for by in BY[Metric(metric)]:
        result = captured("--lang", language, "metrics", metric, "--by", by)
        assert result.status == 0
        assert result.text.splitlines()[0].strip("。.").endswith("everything" if language == "en" else "全部")


def test_of_a_start(captured: Run) -> None:
    told = captured("metrics", "dominators", LOT, "--format", "json").json
    assert told["question"]["metric"] == "dominators"
    assert told["question"]["start"][0]["unit"] == LOT_KEY
    rows = {row["id"]: row["exposure"] for row in told["result"]["metrics"]["rows"]}
    assert rows == {FARM: "1", PLANT: "1"}
    assert "90 kg" in captured("metrics", "dominators", LOT).text


def test_as_a_spreadsheet(captured: Run) -> None:
    rows = list(csv.reader(io.StringIO(captured("metrics", "reach", "--format", "csv", "--limit", "1").text)))
    header = rows.index([]) + 1
    assert rows[header][:3] == ["id", "period", "units"]
    assert len(rows) == header + 2
    assert ["complete", "false"] in rows


def test_options(captured: Run) -> None:
    for period in Period:
        assert captured("metrics", "reach", "--period", period, "--by", "party").status == 0
    for wrong in (
        ["beauty"],
        ["depth", "--direction", "forward"],
        ["reach", "--by", "x"],
        ["reach", "--format", "html"],
    ):
        assert captured("metrics", *wrong).status == 2
    assert captured("metrics", "reach", "unheard-of").status == 3
    both = captured("metrics", "dominators", LOT, "--direction", "both", "--certainty", "confirmed", "--measure", "GRM")
    assert both.status == 0


def test_exports_of_a_start(captured: Run) -> None:
    told = captured("export", "geojson", LOT, "--direction", "backward").json
    assert told["question"]["direction"] == "backward"
    assert [feature["properties"]["kind"] for feature in told["features"]].count("flow") == 1
    assert captured("export", "parquet", LOT).out.startswith(b"PK")
    assert captured("export", "geojson", "--direction", "both").status == 2
    assert captured("export", "epcis", LOT).status == 2
    assert captured("export", "csv", "unheard-of").status == 3
