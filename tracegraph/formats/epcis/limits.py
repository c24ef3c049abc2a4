"""How much one event may be. Whatever is larger becomes a rejected piece, kept whole; memory does not grow with it.

A real event nests less than 10 levels and has a few kilobytes; an aggregation of 100,000 items has about 6 MB.
"""

from __future__ import annotations

#: Levels of objects and arrays within one event, the event itself being the first.
MAX_DEPTH = 100

#: Bytes of one event or one element of master data, as written.
MAX_EVENT_BYTES = 16 * 1024 * 1024

#: Characters of one string, as written.
MAX_STRING = 1024 * 1024

#: A quantity is sane below ten to this power, and with at most as many decimals.
MAX_QUANTITY_DIGITS = 30

#: Instants before this year (1970) and after this one are stored with a finding.
FIRST_SANE_YEAR = 1970
LAST_SANE_YEAR = 2100

#: Bytes read at once.
CHUNK_BYTES = 1024 * 1024
