"""GS1 EPCIS 2.0 under /epcis: capture, events, named queries, browsing. What is implemented: docs/epcis.md."""

from __future__ import annotations

from tracegraph.api.epcis.browsing import browsing
from tracegraph.api.epcis.capture import capture
from tracegraph.api.epcis.discovery import discovery
from tracegraph.api.epcis.events import events
from tracegraph.api.epcis.queries import queries
from tracegraph.api.epcis.subscriptions import subscriptions

#: Every router of this interface, in the order of the documentation.
ROUTES = (discovery, capture, events, browsing, queries, subscriptions)

__all__ = ["ROUTES"]
