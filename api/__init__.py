"""The HTTP interface, imported as `tracegraph.api`: GS1 EPCIS 2.0 under /epcis, tracegraph's own under /api/v1.

Thin: every route asks the library, which redacts below it (tracegraph.access). `create_app` makes the application of
one store; `tracegraph serve` runs it.
"""

from __future__ import annotations

from tracegraph.api.app import create_app
from tracegraph.api.serving import Serving
from tracegraph.api.settings import Settings

__all__ = ["Serving", "Settings", "create_app"]
