"""FoodChain-Lab: JSON v0 and v1 and the All-in-One workbook in, JSON v1 out. See docs/foodchainlab.md.

Clean-room: from the documented facts of the formats, without any of its code or texts.
"""

from __future__ import annotations

from tracegraph.formats.foodchainlab.reader import read_file
from tracegraph.formats.foodchainlab.recognise import is_foodchainlab_json

__all__ = ["is_foodchainlab_json", "read_file"]
