"""Changes to inputs: of their bytes, of the JSON in them, of the characters of an identifier. All chosen by a seed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

#: Bytes that mean something to a reader of JSON or XML, or should not stand there at all.
TOKENS = [
    *b"\" { } [ ] , : \\ \x00 \xff \xc3 \xed\xa0\x80 \xef\xbb\xbf // ' \r\n\r\n".split(b" "),
    *b"null true 1e999 -0 NaN Infinity 0x1 1e-400 00 1. \\ud800 [[[[[[[[".split(),
    *b'"type":5 "type":"ObjectEvent", "eventList":[ {"epcisBody":'.split(),
    *b"< > </ /> & &lt; &#0; &x; <!-- --> <![CDATA[ ]]> <?x ?>".split(),
    *b"<extension> </ObjectEvent> <epcList> <EventList>".split(),
    *(b" xmlns:ex=''", b" xmlns=''", b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"<ex:a b='c'>d</ex:a>"),
    b"\n",
    b"9" * 400,
]

_TEXTS = """
2026-02-30T00:00:00Z 0000-01-01T00:00:00Z 10000-01-01T00:00:00Z 9999-12-31T23:59:60.999999999999+14:00 -0001-01-01
2026-13 2026-01-01T24:00:00Z +25:00 -14:00 +00:00:00 Z 1e5 NaN 1_000 =1+1 urn: https:// // % %zz geo:
urn:epc:id:sgtin:4012345.011111 urn:epc:class:lgtin:... (01)0401234512345(10) https://id.gs1.org/01/ urn:x-lot:a
urn:epc:id:sgln:4012345.00011.%00 ObjectEvent TransformationEvent ADD DELETE shipping
"""

#: Values to put in the place of others.
NASTY: list[Any] = [
    *(None, True, False, 0, -1, 1e999, float("nan"), 10**400, -(10**40), 1e-300, 0.1, {}, [], [[]], [None]),
    *({"": ""}, {"@id": 5}, "", " ", "\u0000", "\ud800", "\u202e", "a" * 5000, "\U0001f41f" * 9),
    *_TEXTS.split(),
]

_WORDS = """
type action eventTime eventTimeZoneOffset recordTime epcList quantityList parentID childEPCs inputQuantityList
outputEPCList transformationID bizStep readPoint bizLocation destinationList errorDeclaration eventID ilmd
sensorElementList @context epcisBody eventList id quantity uom epcisHeader queryResults ex:a:b tracegraph:alias
tracegraph:timePrecision certificationInfo
"""
NAMES = ["", *_WORDS.split()]


def mutated_bytes(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """One to four small changes, or one large one."""
    if chance.random() < 0.1:
        return chance.choice(_WHOLE)(chance, content, others)
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(_SMALL)(chance, content, others)
    return content


def _place(chance: Random, content: bytes) -> tuple[int, int]:
    begin = chance.randint(0, len(content))
    return begin, min(len(content), begin + chance.choice([1, 2, 5, 20, 200]))


def _flip(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    if not content:
        return b"\x01"
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def _insert(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    begin, _ = _place(chance, content)
    return content[:begin] + chance.choice(TOKENS) + content[begin:]


def _replace(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    begin, end = _place(chance, content)
    return content[:begin] + chance.choice(TOKENS) + content[end:]


def _delete(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    begin, end = _place(chance, content)
    return content[:begin] + content[end:]


def _repeat(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    begin, end = _place(chance, content)
    return content[:begin] + content[begin:end] * chance.randint(2, 9) + content[end:]


def _random(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    begin, end = _place(chance, content)
    return content[:begin] + chance.randbytes(end - begin) + content[end:]


def _splice(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return content[: chance.randint(0, len(content))] + other[chance.randint(0, len(other)) :]


def _cut(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    return content[: chance.randint(0, len(content))]


def _packed(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Compressed, and mostly damaged then."""
    packed = gzip.compress(content, 1)
    return packed if chance.random() < 0.2 else chance.choice(_SMALL)(chance, packed, others)


def _encoded(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """In another encoding."""
    return content.decode("utf-8", "replace").encode(chance.choice(["utf-16", "utf-32", "utf-8-sig", "utf-7"]))


def _two(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Two documents in one file."""
    return content + chance.choice([b"", b"\n", b"\x1e", b",", b" "]) + chance.choice(others)


def _deep(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Nested deeper than any stack."""
    opening, closing = chance.choice(_NESTS)
    depth = chance.choice([90, 101, 3000, 100_000])
    return opening * depth + (content if depth < 1000 else b"1") + closing * chance.choice([depth, 0])


_NESTS = [(b"[", b"]"), (b'{"a":', b"}"), (b'{"epcisBody":{"eventList":[', b"]}}"), (b"<extension>", b"</extension>")]
_SMALL = [_flip, _insert, _replace, _delete, _repeat, _random, _splice, _cut]
_WHOLE = [_packed, _encoded, _two, _deep]


def mutated_json(chance: Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """One to four changes of the values in a document; what is no JSON document is changed by its bytes."""
    try:
        value = json.loads(content)
        other = json.loads(chance.choice(others))
    except ValueError:
        return mutated_bytes(chance, content, others)
    holder = [value]
    for _ in range(chance.randint(1, 4)):
        _change(chance, holder, other)
    text = json.dumps(holder[0], ensure_ascii=chance.random() < 0.5, indent=chance.choice([None, None, 1]))
    return text.encode("utf-8", "surrogatepass")


def _change(chance: Random, holder: list[Any], other: Any) -> None:
    """One change at one place."""
    places = list(_places(holder))
    inside, key = chance.choice(places)
    match chance.randrange(7):
        case 0 | 1:
            inside[key] = deepcopy(chance.choice(NASTY))
        case 2:
            del inside[key]
            if not holder:
                holder.append(None)
        case 3:
            inside[key] = [deepcopy(inside[key]) for _ in range(chance.choice([1, 2, 40]))]
        case 4:
            there, name = chance.choice(list(_places([other])))
            inside[key] = deepcopy(there[name])
        case 5 if isinstance(inside, dict):
            inside[chance.choice(NAMES)] = inside.pop(key)
        case _:
            inside[key] = _like(chance, inside[key])


def _like(chance: Random, value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, str):
        return mutated_text(chance, value)
    if isinstance(value, dict):
        return {**value, chance.choice(NAMES): deepcopy(chance.choice(NASTY))}
    if isinstance(value, list):
        return chance.sample(value, len(value)) + deepcopy(value[:1])
    return chance.choice([0, -1, 1.5, 10**30, 1e-12]) if isinstance(value, int | float) else value


def _places(value: Any) -> Any:
    """Every member and element, as the container and its key."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def mutated_text(chance: Random, text: str) -> str:
    """An identifier or another short text with one to three changes."""
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        place = chance.randint(0, len(text))
        end = min(len(text), place + chance.choice([0, 1, 1, 3]))
        text = text[:place] + chance.choice(_PIECES)(chance, text) + text[end:]
    return text


_SIGNS = [
    *"0123456789.:/()*%?#&= \t\n-_~+AZaz\x1d\u00e9\u0660\U0001f41f",
    *["%2F", "%00", "urn:", "(10)", "//"],
]
_PIECES: list[Callable[[Random, str], str]] = [
    lambda chance, text: "",
    lambda chance, text: chance.choice(_SIGNS),
    lambda chance, text: text[: chance.randint(0, len(text))],
    lambda chance, text: chance.choice(_SIGNS) * chance.choice([2, 30, 300]),
]
