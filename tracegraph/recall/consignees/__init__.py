"""Consignees: who got goods in scope, and what each of them is told and asked."""

from tracegraph.recall.consignees.delivery import Astray, Delivery, Distribution, Made
from tracegraph.recall.consignees.distributing import distribution
from tracegraph.recall.consignees.listing import Consignee, Consignees, Delivered, consignees, units_of
from tracegraph.recall.consignees.parties import Proposal, Sameness, proposals, sameness

__all__ = [
    "Astray",
    "Consignee",
    "Consignees",
    "Delivered",
    "Delivery",
    "Distribution",
    "Made",
    "Proposal",
    "Sameness",
    "consignees",
    "distribution",
    "proposals",
    "sameness",
    "units_of",
]
