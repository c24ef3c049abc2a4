"""The store on a Neo4j server, through the official driver. Importing this needs the driver (extra `neo4j`)."""

from __future__ import annotations

from tracegraph.stores.neo4j.settings import Settings
from tracegraph.stores.neo4j.store import Neo4jStore, open_neo4j

__all__ = ["Neo4jStore", "Settings", "open_neo4j"]
