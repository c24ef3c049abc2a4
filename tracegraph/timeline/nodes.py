"""Ids of nodes: hashes of what makes a node, equal in every store and every order of arrival."""

from __future__ import annotations

from hashlib import blake2b


def node_id(*parts: str) -> str:
    """32 hex digits for the parts that identify a holding or a joint."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
