"""Consignees: who got goods in scope, and what each of them is told and asked."""

from tracegraph.recall.consignees.delivery import Astray, Delivery, Distribution, Made
from tracegraph.recall.consignees.distributing import distribution

__all__ = ["Astray", "Delivery", "Distribution", "Made", "distribution"]
