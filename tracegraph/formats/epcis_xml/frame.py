"""The frame of an EPCIS document in XML: which elements are events, master data, or only stand around them.

The target of the parser. It holds one event at a time, and nothing of what lies between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracegraph.formats.epcis.limits import CHUNK_BYTES, MAX_DEPTH, MAX_EVENT_BYTES, MAX_STRING
from tracegraph.formats.epcis.vocabulary import EVENT_TYPES
from tracegraph.formats.epcis_xml.elements import INCLUSION, Element, Name, Scope, attributes_of, is_wrapper, name_of
from tracegraph.formats.epcis_xml.segments import name_in
from tracegraph.formats.source import Kept

_ROOTS = ("EPCISDocument", "EPCISQueryDocument", "EPCISMasterDataDocument")
#: Attributes that an event has as outermost element, in place of a document.
_OF_DOCUMENTS = ("schemaVersion", "creationDate")
#: An event type that EPCIS 2.0 no longer has.
_QUANTITY_EVENT = "QuantityEvent"
_NO_QUANTITY_EVENTS = (
    "it is a QuantityEvent of EPCIS 1.0, which EPCIS 2.0 no longer has; give it as an ObjectEvent with a quantityList"
)
_EVENTS = "eventList"
_VOCABULARY_ELEMENTS = "vocabularyElementList"
_OTHER = "other"
_LIMIT = ", which is the limit for one event; split it"
#: Open elements of a document, which are held in memory.
_DEEPEST = 1000
_MOST_NAMESPACES = 1000
#: Bytes of a start tag with `>` in its attributes; of a longer one the place is not known to the byte.
_LONGEST_TAG = 4096
_TOO_DEEP = f"it nests deeper than {MAX_DEPTH} levels{_LIMIT}"
_TOO_LARGE = f"it is larger than {MAX_EVENT_BYTES // 2**20} MiB{_LIMIT}"
_LONG_TEXT = f"it holds a string longer than {MAX_STRING // 2**20} MiB{_LIMIT}"
_NO_INCLUSION = "it includes another file (XInclude), which is not followed; put its content there"
#: The elements around events and master data, and their names in JSON (a Vocabulary is an item of its list).
_FRAMES = {
    "EPCISHeader": "epcisHeader",
    "EPCISMasterData": "epcisMasterData",
    "VocabularyList": "vocabularyList",
    "Vocabulary": "",
    "VocabularyElementList": _VOCABULARY_ELEMENTS,
    "EPCISBody": "epcisBody",
    "EventList": _EVENTS,
    "QueryResults": "queryResults",
    "resultsBody": "resultsBody",
}


class Refused(Exception):
    """Nothing more of this document is read. The message is the end of a sentence."""


@dataclass(slots=True)
class Found:
    """An event or a vocabulary element (`vocabulary`: its type) and where it stands. `name`: as its start tag has it;
    `trouble`: why it is not read, though it is well-formed."""

    pointer: str
    offset: int
    line: int
    name: bytes
    vocabulary: str | None = None
    element: Element | None = None
    trouble: str = ""
    size: int = 0
    _kept: Kept = field(default_factory=Kept)
    _latest: bytearray = field(default_factory=bytearray)

    def keep(self, data: bytes) -> None:
        """Keep some more of its bytes."""
        self.size += len(data)
        self._latest += data
        if len(self._latest) >= CHUNK_BYTES:
            self._kept.write(bytes(self._latest))
            self._latest.clear()

    def original(self) -> Kept:
        """All its bytes so far."""
        self._kept.write(bytes(self._latest))
        self._latest.clear()
        return self._kept


@dataclass(slots=True)
class _Frame:
    """An open element that is no part of a piece. `inside`: what it is, by its name in JSON, such as `eventList`;
    `path`: its pointer; `count`: the items met in it; `vocabulary`: the type of the vocabulary around."""

    inside: str
    path: str
    count: int = 0
    vocabulary: str = ""

    def next_item(self) -> str:
        """The pointer of the next item."""
        self.count += 1
        return f"{self.path}/{self.count - 1}"


class Target:
    """What the parser calls. Before each segment between events `look_at` is called, after each segment `take`, which
    gives what ended in it; `open` is what has not ended yet."""

    def __init__(self) -> None:
        self.open: Found | None = None
        self._tag = b""
        self._offset = 0
        self._line = 1
        self._ended: list[Found] = []
        self._frames: list[_Frame] = []
        self._elements: list[Element] = []
        self._depth = 0
        self._scopes: list[Scope] = [{"xml": "http://www.w3.org/XML/1998/namespace"}]

    def look_at(self, segment: bytes, offset: int, line: int) -> None:
        """Remember the last tag that begins in a segment, and where, as the start tag of what the parser may find."""
        at = segment.rfind(b"<")
        if at >= 0:
            self._tag = segment[at:]
            self._offset, self._line = offset + at, line + segment.count(b"\n", 0, at)
        elif len(self._tag) < _LONGEST_TAG:
            self._tag += segment

    def take(self, segment: bytes) -> list[Found]:
        """The pieces that ended in the segment just parsed."""
        taken, self._ended = self._ended, []
        for found in taken if self.open is None else [*taken, self.open]:
            found.keep(segment if found.size else self._tag)
            if found.size > MAX_EVENT_BYTES:
                self._give_up(found, _TOO_LARGE)
        return taken

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """A document type could declare entities: none is read."""
        raise Refused("it has a document type (DOCTYPE), which EPCIS does not need and which is not read; remove it")

    def start(self, tag: str, attributes: Mapping[str, str], declared: Mapping[str | None, str]) -> None:
        """An element begins."""
        scope = self._scopes[-1]
        if len(self._scopes) > _DEEPEST:
            raise Refused(f"it nests deeper than {_DEEPEST} levels; all from here on is rejected")
        if declared:
            scope = {**scope, **declared}
            if len(scope) > _MOST_NAMESPACES:
                raise Refused(f"it has more than {_MOST_NAMESPACES} namespaces at once; all from here on is rejected")
        self._scopes.append(scope)
        name = name_of(tag)
        if self.open is None and not self._begins(name, attributes):
            return
        assert self.open is not None
        self._depth += 1
        if trouble := self._trouble(name):
            self._give_up(self.open, trouble)
        elif not self.open.trouble:
            ignored = () if self._frames else _OF_DOCUMENTS
            self._push(self.open, Element(name, attributes_of(attributes, ignored), self._scopes[-1]))

    def _trouble(self, name: Name) -> str:
        """Why a piece with this element in it is not read."""
        if name.namespace == INCLUSION:
            return _NO_INCLUSION
        if self._depth == 1 and name == Name("", _QUANTITY_EVENT):
            return _NO_QUANTITY_EVENTS
        return _TOO_DEEP if self._depth > MAX_DEPTH else ""

    def _push(self, found: Found, element: Element) -> None:
        if self._elements:
            self._elements[-1].children.append(element)
        else:
            found.element = element
        self._elements.append(element)
        if element.attributes and any(len(value) > MAX_STRING for value in element.attributes.values()):
            self._give_up(found, _LONG_TEXT)

    def data(self, text: str) -> None:
        """Text within an element."""
        if self._elements:
            self._elements[-1].parts.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._scopes.pop()
        if self.open is None:
            self._frames.pop()
            return
        self._depth -= 1
        if self._elements and sum(map(len, self._elements.pop().parts)) > MAX_STRING:
            self._give_up(self.open, _LONG_TEXT)
        if not self._depth:
            self._ended.append(self.open)
            self.open = None

    def close(self) -> None:
        """The document ends."""

    def _give_up(self, found: Found, reason: str) -> None:
        """Read no more of a piece, but go on to its end."""
        if not found.trouble:
            found.trouble, found.element = reason, None
            self._elements.clear()

    def _begins(self, name: Name, attributes: Mapping[str, str]) -> bool:
        """Whether a piece begins here, which is opened then; else the element becomes a frame."""
        if not self._frames:
            self._root(name)
            return self.open is not None
        around = self._frames[-1]
        if name.namespace == INCLUSION or (around.inside == _EVENTS and not is_wrapper(name)):
            self._open(around.next_item())
        elif around.inside == _VOCABULARY_ELEMENTS and name == Name("", "VocabularyElement"):
            self._open(around.next_item(), around.vocabulary)
        else:
            self._frames.append(around if is_wrapper(name) else _frame(name, attributes, around))
        return self.open is not None

    def _open(self, pointer: str, vocabulary: str | None = None) -> None:
        self.open = Found(pointer, self._offset, self._line, name_in(self._tag), vocabulary)

    def _root(self, name: Name) -> None:
        """The outermost element: a document, or one bare event."""
        if not name.namespace and name.local in _ROOTS:
            self._frames.append(_Frame("", ""))
        elif not name.namespace and name.local in (*EVENT_TYPES, _QUANTITY_EVENT):
            self._open("")
        else:
            raise Refused(
                f"it is XML but no EPCIS, as its outermost element is {name.local[:60]!r}; give an EPCISDocument, an "
                "EPCISQueryDocument or one event"
            )


def _frame(name: Name, attributes: Mapping[str, str], around: _Frame) -> _Frame:
    """The frame that an element is within another one."""
    if around.inside == _OTHER or name.namespace or name.local not in _FRAMES:
        return _Frame(_OTHER, "")
    if name.local == "Vocabulary":
        return _Frame("", around.next_item(), vocabulary=attributes.get("type", ""))
    inside = _FRAMES[name.local]
    return _Frame(inside, f"{around.path}/{inside}", vocabulary=around.vocabulary)
