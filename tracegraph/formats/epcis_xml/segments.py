"""A stream of XML cut where events begin and end, so that the place of each is known to the byte.

The cuts are made by the look of tags alone. One too many or too few, such as for what stands in a comment, changes no
event: it is the parser that knows where events are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracegraph.formats.epcis.limits import CHUNK_BYTES
from tracegraph.formats.source import ByteStream

_NAME = rb"(?:[\w.\-]+:)?(?:[\w.\-]*Event|VocabularyElement)"
_EDGE = re.compile(rb"</" + _NAME + rb"\s*>|(?=<" + _NAME + rb"[\s/>])")
#: A tag that is cut by the end of what was read is waited for, up to so many bytes.
_LONGEST_TAG = 64 * 1024


def segments(stream: ByteStream) -> Iterator[bytes]:
    """All bytes of the stream; an event has a segment of its own, however many events a chunk has."""
    held = b""
    while chunk := stream.read(CHUNK_BYTES):
        held += chunk
        start = 0
        for edge in _EDGE.finditer(held):
            if edge.end() > start:
                yield held[start : edge.end()]
                start = edge.end()
        whole = _whole(held, start)
        if whole > start:
            yield held[start:whole]
        held = held[whole:]
    if held:
        yield held


def _whole(held: bytes, start: int) -> int:
    """Where the tag begins that is not whole yet; the end where there is none."""
    tag = held.rfind(b"<", start)
    if tag < 0 or len(held) - tag > _LONGEST_TAG or held.find(b">", tag) >= 0:
        return len(held)
    return tag
