"""An answer as a NetworkX graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracegraph.errors import UsageError
from tracegraph.model.custody import Certainty, Holding
from tracegraph.model.instants import instant_text, optional_text
from tracegraph.trace.envelope import Json
from tracegraph.trace.reach import Node
from tracegraph.trace.tracing import Answered
from tracegraph.trace.trail import Trail

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(answered: Answered) -> nx.MultiDiGraph[str]:
    """Nodes by holding or transformation id; edges are legs with the event's id as key.

    Graph attributes `question`, `complete`, `gaps` and `as_of` are those of the answer. Raises UsageError where
    networkx is not installed.
    """
    try:
        import networkx as nx
    except ImportError:
        raise UsageError(
            "graphs need networkx, which is not installed; run pip install 'tracegraph[network]'"
        ) from None
    told = answered.envelope
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        question=told["question"], complete=told["complete"], gaps=told["gaps"], as_of=told["as_of"]
    )
    trail = answered.trail
    holdings = {holding["id"]: holding for holding in told["result"]["holdings"]}
    for number, node in trail.listed:
        graph.add_node(node.id, **node_attributes(trail, number, node, holdings.get(node.id, {})))
    for source, target, attributes in edges(trail):
        graph.add_edge(source, target, **attributes)
    return graph


def node_attributes(trail: Trail, number: int, node: Node, told: Json) -> dict[str, Any]:
    """What a node is, flat; missing values are left out. `told`: what the answer says of a holding."""
    found: dict[str, Any] = {
        "node": "holding" if isinstance(node, Holding) else "transformation",
        "place_kind": node.place.kind.value,
        "place": node.place.id,
        "distance": trail.distance[number],
        "certainty": trail.certainty(number).value,
        "start": number in trail.starts,
        "state": told.get("state"),
    }
    if isinstance(node, Holding):
        found |= {
            "unit": node.unit,
            "party": node.party,
            "owner": node.owner,
            "since": instant_text(node.since),
            "until": optional_text(node.until),
            "quantity": str(node.quantity.value) if node.quantity and node.quantity.value is not None else None,
            "quantity_unit": node.quantity.unit if node.quantity else None,
            **{f"share_{name}": part for name, part in told.get("share", {}).items()},
        }
    else:
        found |= {"transformation": node.transformation, "since": instant_text(node.instant)}
    return {name: value for name, value in found.items() if value is not None}


def edges(trail: Trail) -> list[tuple[str, str, dict[str, Any]]]:
    """The legs in their order as (source id, target id, attributes)."""
    legs, nodes = trail.legs, trail.nodes
    return [
        (
            nodes[legs.source[number]].id,
            nodes[legs.target[number]].id,
            {
                "event": legs.event[number],
                "rule": legs.rule[number],
                "certainty": (Certainty.CONFIRMED if legs.confirmed[number] else Certainty.POSSIBLE).value,
                "instant": instant_text(legs.instant[number]),
            },
        )
        for number in trail.leg_order
    ]
