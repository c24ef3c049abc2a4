"""All that the packs say of their vectors, as kept in said/: `python -m tests.schemes.said` writes it anew.

What a vector expects was worked out from the standard; what is kept here was not, it is what the rules said
when it was written. A change shows there with all that it says otherwise: numbers, terms, evidence and words.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tracegraph.claims.finding import Finding
from tracegraph.claims.pack import Pack, pack_of
from tracegraph.claims.running import run
from tracegraph.claims.vectors import Vector
from tracegraph.proving import world_for
from tracegraph.schemes import SHIPPED

FOLDER = Path(__file__).parent / "said"
#: What is the same for all that a rule says.
OF_THE_RULE = frozenset({"clause", "pack", "version", "parameters", "correction"})


def said(pack: Pack, vector: Vector) -> list[dict[str, Any]]:
    """What the rules that a vector is for say of it, without what is empty."""
    with world_for(vector) as world:
        return [_told(one) for one in run(world, [pack], frozenset(one["rule"] for one in vector["expect"]))]


def kept(pack: Pack, name: str) -> list[dict[str, Any]]:
    """What said/ has of a vector."""
    found: list[dict[str, Any]] = json.loads(_path(pack, name).read_text(encoding="utf-8")).get(name, [])
    return found


def _told(finding: Finding) -> dict[str, Any]:
    told = finding.to_dict() | {"text": finding.text["en"]}
    told["window"] = {side: instant for side, instant in told["window"].items() if instant}
    return {name: value for name, value in told.items() if value and name not in OF_THE_RULE}


def _path(pack: Pack, name: str) -> Path:
    return FOLDER / pack.id / f"{name.partition(': ')[0]}.json"


def main() -> None:
    """Write what is said now."""
    found: dict[Path, dict[str, Any]] = defaultdict(dict)
    for pack in map(pack_of, SHIPPED.values()):
        for name, vector in pack.vectors():
            found[_path(pack, name)][name] = said(pack, vector)
    for path, told in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_lines(told), encoding="utf-8")


def _lines(told: Mapping[str, Iterable[dict[str, Any]]]) -> str:
    """As JSON, a line for each finding."""
    parts = [f"{_json(name)}: [\n{_joined(map(_json, findings))}\n]" for name, findings in told.items()]
    return f"{{\n{_joined(parts)}\n}}\n"


def _joined(parts: Iterable[str]) -> str:
    return ",\n".join(parts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
