"""An answer as GraphML, written without a graph library: one pass, nothing to install.

Source: GraphML 1.0 (http://graphml.graphdrawing.org/xmlns): typed keys, then nodes and edges with their data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from tracegraph.reports.network import edges, node_attributes
from tracegraph.trace.tracing import Answered

TYPES = {bool: "boolean", int: "long", str: "string"}

#: Attribute names and types by what they belong to, in the order in which they are written.
NODE_KEYS: dict[str, type] = {
    "node": str,
    "unit": str,
    "transformation": str,
    "place_kind": str,
    "place": str,
    "party": str,
    "owner": str,
    "since": str,
    "until": str,
    "quantity": str,
    "quantity_unit": str,
    "state": str,
    "distance": int,
    "certainty": str,
    "start": bool,
}
SHARE_KEYS: dict[str, type] = {
    f"share_{name}": str for name in ("attributed", "min", "max", "min_even_loss", "max_even_loss")
}
EDGE_KEYS: dict[str, type] = {"event": str, "rule": str, "certainty": str, "instant": str}
GRAPH_KEYS: dict[str, type] = {
    "tracegraph": str,
    "question": str,
    "as_of": str,
    "complete": bool,
    "gaps": str,
    "frontier": str,
}
NOTHING: Mapping[str, str] = MappingProxyType({})


def write_graphml(answered: Answered, file: IO[bytes], more: Mapping[str, str] = NOTHING) -> None:
    """Write the listed nodes and legs; question, complete, gaps and frontier are graph attributes, as JSON text, and so
    are `more`."""
    for line in _lines(answered, more):
        file.write(line.encode("utf-8", "backslashreplace") + b"\n")


def _lines(answered: Answered, more: Mapping[str, str]) -> Iterable[str]:
    told = answered.envelope
    about: dict[str, Any] = {name: _flat(told[name]) for name in GRAPH_KEYS} | dict(more)
    about_keys = {name: GRAPH_KEYS.get(name, str) for name in about}
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    node_keys = NODE_KEYS | SHARE_KEYS if "shares" in told["result"] else NODE_KEYS
    for owner, keys in (("graph", about_keys), ("node", node_keys), ("edge", EDGE_KEYS)):
        for name, kind in keys.items():
            yield f'<key id="{owner}_{name}" for="{owner}" attr.name="{name}" attr.type="{TYPES[kind]}"/>'
    yield '<graph id="trace" edgedefault="directed">'
    yield from _data("graph", about)
    trail = answered.trail
    holdings = {holding["id"]: holding for holding in told["result"]["holdings"]}
    for number, node in trail.listed:
        yield f"<node id={_attribute(node.id)}>"
        yield from _data("node", node_attributes(trail, number, node, holdings.get(node.id, {})))
        yield "</node>"
    for number, (source, target, attributes) in enumerate(edges(trail)):
        yield f'<edge id="leg{number}" source={_attribute(source)} target={_attribute(target)}>'
        yield from _data("edge", attributes)
        yield "</edge>"
    yield "</graph>"
    yield "</graphml>"


def _data(owner: str, values: dict[str, Any]) -> Iterable[str]:
    for name, value in values.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield f'<data key="{owner}_{name}">{escape(_legal(text))}</data>'


def _flat(value: object) -> object:
    return (
        value if isinstance(value, bool | int | str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    )


def _attribute(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    """XML 1.0 has no way to write most control characters; they become the replacement character."""
    return "".join(char if char >= " " or char in "\t\n\r" else "\ufffd" for char in text).replace("\ufffe", "\ufffd")
