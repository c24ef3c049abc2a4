"""Profiles of key data elements: what an industry or a regulation wants to stand in an event, as data, and what of it
an event lacks."""

from __future__ import annotations

from tracegraph.formats.profiles.checking import Checked, KeyDataFinding, check_event, product_key
from tracegraph.formats.profiles.loading import SHIPPED, load_profile, profile_names
from tracegraph.formats.profiles.profile import Element, EventKind, Profile

__all__ = [
    "SHIPPED",
    "Checked",
    "Element",
    "EventKind",
    "KeyDataFinding",
    "Profile",
    "check_event",
    "load_profile",
    "product_key",
    "profile_names",
]
