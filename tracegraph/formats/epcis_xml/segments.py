"""A stream of XML cut so that the place of each event is known to the byte: at every tag between events, and after the
end of each event.

The cuts are made by the look of tags alone. One too many or too few, such as in a comment, changes no event: it is the
parser that knows where events are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tracegraph.formats.epcis.limits import CHUNK_BYTES
from tracegraph.formats.source import ByteStream

#: A tag that is cut by the end of what was read is waited for, up to so many bytes.
_LONGEST_TAG = 64 * 1024
_NAME = re.compile(rb"<([^\s/>]+)")


def segments(stream: ByteStream, open_name: Callable[[], bytes]) -> Iterator[bytes]:
    """All bytes of the stream. `open_name` is asked before each segment: the name, as written, of the element to whose
    end tag the segment may go; empty where it must end with the next tag."""
    held = b""
    while chunk := stream.read(CHUNK_BYTES):
        held += chunk
        start = 0
        while (end := _end(held, start, open_name())) > start:
            yield held[start:end]
            start = end
        held = held[start:]
    if held:
        yield held


def _end(held: bytes, start: int, name: bytes) -> int:
    """Where a segment ends; its start where more must be read to know."""
    closing = held.find(b"</" + name, start) if name else start
    tag_end = held.find(b">", closing) + 1 if closing >= 0 else 0
    if tag_end:
        return tag_end
    tag = held.rfind(b"<", start)
    if tag < 0 or len(held) - tag > _LONGEST_TAG or held.find(b">", tag) >= 0:
        return len(held) if name or len(held) - start > _LONGEST_TAG else start
    return tag if name else start


def name_in(tag: bytes) -> bytes:
    """The name in a start tag, as written."""
    match = _NAME.match(tag)
    return match[1] if match else b""
