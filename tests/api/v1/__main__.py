"""`python -m tests.api.v1`: make the examples of the OpenAPI document anew from the demo, lists cut to their first
entries."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.testclient import TestClient

from tests.api.v1.demo import CAPTURED_AT, client_of, made_demo, served
from tracegraph.api.v1.parameters import (
    EXAMPLE_EVENT,
    EXAMPLE_PARTY,
    EXAMPLE_PRODUCT,
    EXAMPLE_SITE,
    EXAMPLE_UNIT,
)

EXAMPLES = Path(__file__).resolve().parents[3] / "api" / "v1" / "examples.json"
UNIT = quote(EXAMPLE_UNIT, safe="")

ADDRESSES = {
    "units": "units?q=48088",
    "unit": f"units/{UNIT}",
    "event": f"events/{quote(EXAMPLE_EVENT, safe='')}",
    "sites": "sites?q=Hamburg&limit=1",
    "site": f"sites/{quote(EXAMPLE_SITE, safe='')}",
    "parties": "parties?limit=1",
    "party": f"parties/{quote(EXAMPLE_PARTY, safe='')}",
    "products": "products?limit=1",
    "product": f"products/{quote(EXAMPLE_PRODUCT, safe='')}",
    "trace": f"traces?start={UNIT}",
    "paths": f"paths?start={UNIT}",
    "origin": f"origins?start={UNIT}",
    "whereabouts": f"whereabouts?start={UNIT}",
    "balance": f"balances?start={UNIT}",
    "scope": f"scopes?start={UNIT}",
    "gaps": "gaps?limit=1",
    "metric": f"metrics/dominators?start={UNIT}&by=party&limit=1",
    "profile": "profiles/fsma204?limit=1",
    "ledger": "ledger",
    "recalls": "recalls",
    "recall": "recalls/R2026-0001",
}

CASES = {
    "cases": [
        {"case": "C-01", "place": EXAMPLE_SITE, "exposed_from": "2011-05-01", "exposed_to": "2011-05-31"},
        {"case": "C-42", "unit": "https://cases.example/fr-begles/garnish"},
        {"case": "K-01", "place": "https://cases.example/de-02", "role": "control"},
    ],
    "reason": "line list of 25 July",
}
LOT = "/01/09520101000019/10/48088"


def main() -> None:
    """Write them."""
    with tempfile.TemporaryDirectory() as folder:
        store = made_demo(Path(folder))
        with served(store, Path(folder)) as serving, client_of(serving, "admin") as client:
            found = {name: shortened(client.get(f"/api/v1/{address}").json()) for name, address in ADDRESSES.items()}
            found |= others(client)
            client.post("/api/v1/cases", json=CASES)
            found["cases"] = shortened(client.get("/api/v1/cases").json())
            found["sources"] = shortened(client.post("/api/v1/sources", json={"limit": 1}).json())
    EXAMPLES.write_text(json.dumps(dict(sorted(found.items())), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def others(client: TestClient) -> dict[str, Any]:
    """Examples that no GET gives."""
    proof = client.get(f"/api/v1/ledger/proofs/{quote(EXAMPLE_EVENT, safe='')}").json()
    job = {
        "id": "qkRSqXrJ1fQ0b5yVb4V8Yw",
        "kind": "trace",
        "state": "waiting",
        "created_at": CAPTURED_AT,
        "started_at": None,
        "finished_at": None,
        "done": 0,
        "total": None,
        "error": None,
        "result": None,
    }
    key = client.headers.pop("X-API-Key")
    public = client.get(LOT).json()
    client.headers["X-API-Key"] = key
    signed = client.post("/api/v1/ledger/checkpoints").json()
    return {
        "public": public,
        "verified": client.post("/api/v1/ledger/verifications").json(),
        "checkpoint": signed,
        "proof": shortened(proof),
        "job": job,
        "jobs": {"jobs": [job], "next": None},
    }


def shortened(value: Any) -> Any:
    """The value with the first entry only of every list."""
    if isinstance(value, dict):
        return {name: shortened(part) for name, part in value.items()}
    return [shortened(part) for part in value[:1]] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
