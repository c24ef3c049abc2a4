"""What the records lack of a profile's key data elements: in a whole store, or in files before they are captured."""

from __future__ import annotations

from tracegraph.trace.profiles.answering import Choice, check_files, check_store

__all__ = ["Choice", "check_files", "check_store"]
