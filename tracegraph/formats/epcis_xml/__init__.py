"""EPCIS 1.2 and 2.0 in XML: read into the same events, master data and rejected pieces as JSON."""

from __future__ import annotations

from tracegraph.formats.epcis_xml.reader import read_xml

__all__ = ["read_xml"]
