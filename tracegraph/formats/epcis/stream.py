"""JSON read piece by piece: a window that moves over a stream, so that memory does not grow with the file.

The window decodes one value at a time, and knows byte offset and line of where it stands. A value larger than the
limits is skipped by its brackets and quotes alone, without being built; its bytes can be kept on the way.
Source: RFC 8259. Bytes that are no UTF-8 pass as lone surrogates and come back unchanged when encoded again.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from decimal import Decimal

from tracegraph.formats.epcis.limits import CHUNK_BYTES, MAX_DEPTH, MAX_EVENT_BYTES, MAX_STRING
from tracegraph.formats.source import ByteStream, Kept, Spool
from tracegraph.model.event import Json

_BLANK = re.compile(r"[ \t\r\n]*+")
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(")?|[\[\]{}]', re.DOTALL)
_IN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_CONTAINER = '{["'
#: An error so near the end of what has been read may only mean that more must be read.
_TAIL = 16


class Damaged(Exception):
    """What follows is no JSON. `reason` is the end of a sentence, `offset` the byte where it was noticed."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class TooLarge(Exception):
    """The next value is beyond the limits; the window stands before it. `reason` is the end of a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Window:
    """A moving view of a JSON text. All methods work in constant memory, `value` within the limit of
    one event."""

    def __init__(self, stream: ByteStream, offset: int = 0, line: int = 1) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._json = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=self._constant)
        self._careful = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=self._constant)
        self._text = ""
        self._at = 0
        self._mark: int | None = None
        self._tap: Kept | None = None
        self._offset = offset
        self._line = line
        self._counted = 0
        self._ended = False
        self.odd_numbers = False
        if self._fill() and self._text.startswith("\ufeff"):
            self._at = 1

    @property
    def offset(self) -> int:
        """Bytes before the place where the window stands."""
        self._count()
        return self._offset

    @property
    def line(self) -> int:
        """The line (from 1) of the place where the window stands."""
        self._count()
        return self._line

    def _count(self) -> None:
        """Bring offset and line up to the place where the window stands, from where they were last counted."""
        if self._counted > self._at:
            self._offset -= _size(self._text[self._at : self._counted])
            self._line -= self._text.count("\n", self._at, self._counted)
        else:
            self._offset += _size(self._text[self._counted : self._at])
            self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at

    def peek(self) -> str:
        """The next character that is not blank, without taking it; empty at the end."""
        while True:
            found = self._text[self._at : self._at + 1]
            if found > " ":
                return found
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def take(self, character: str) -> bool:
        """Take the next character that is not blank where it is this one; whether it was."""
        if self._text[self._at : self._at + 1] != character and self.peek() != character:
            return False
        self._at += 1
        return True

    def expect(self, character: str, or_else: str = "") -> None:
        """Take this character, or be Damaged; `or_else` is what could have been there instead."""
        if not self.take(character):
            found = self.peek()
            wanted = f"{or_else!r} or {character!r}" if or_else else repr(character)
            what = f"{wanted} was expected instead of {found!r}" if found else f"it ends where {wanted} must follow"
            raise Damaged(what, self.offset)

    def key(self) -> str:
        """Take a member's name and its colon."""
        if self.peek() != '"':
            raise Damaged("the name of a member in double quotes was expected", self.offset)
        name = self.value()[0]
        self.expect(":")
        assert isinstance(name, str)
        return name

    def value(self) -> tuple[Json, str]:
        """Take the next value: what it says, and its text. TooLarge or Damaged leave the window before it."""
        self.peek()
        self.odd_numbers = False
        while True:
            decoded = self._decode()
            if decoded is not None:
                value, end = decoded
                text = self._text[self._at : end]
                check_limits(text)
                self._at = end
                return value, text
            if len(self._text) - self._at > MAX_EVENT_BYTES:
                raise TooLarge(f"is larger than {MAX_EVENT_BYTES // 2**20} MiB")
            self._fill(min(len(self._text) - self._at, MAX_EVENT_BYTES + 1 - len(self._text) + self._at))

    def _decode(self) -> tuple[Json, int] | None:
        """The value that starts here and where it ends; None where more must be read to know."""
        try:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except ArithmeticError:
                value, end = self._careful.raw_decode(self._text, self._at)
        except RecursionError:
            raise TooLarge(f"nests deeper than {MAX_DEPTH} levels") from None
        except json.JSONDecodeError as error:
            if self._ended or (error.pos < len(self._text) - _TAIL and not error.msg.startswith("Unterminated")):
                raise self._damaged(error) from None
            return None
        if end == len(self._text) and not self._ended and self._text[self._at] not in _CONTAINER:
            return None
        return value, end

    def _damaged(self, error: json.JSONDecodeError) -> Damaged:
        """The decoder's complaint, with the byte instead of the character."""
        offset = self.offset + _size(self._text[self._at : error.pos])
        ends = error.pos >= len(self._text.rstrip()) or error.msg.startswith("Unterminated")
        return Damaged("it ends in the middle of a value" if ends else error.msg[:1].lower() + error.msg[1:], offset)

    def _constant(self, name: str) -> str:
        """NaN and the infinities, which are no JSON: kept as words, so that no sum can be poisoned by them."""
        self.odd_numbers = True
        return name

    def set_mark(self) -> None:
        """Remember this place, to come back to by `back_to_mark`; all from here on stays in memory until then."""
        self.peek()
        self._mark = self._at

    def back_to_mark(self) -> None:
        """Stand again where `set_mark` was called."""
        if self._mark is not None:
            self._at, self._mark = self._mark, None

    def drop_mark(self) -> None:
        """Forget the remembered place."""
        self._mark = None

    def marked_size(self) -> int:
        """Characters held since the mark."""
        return 0 if self._mark is None else self._at - self._mark

    def skip(self, kept: Kept | None = None) -> None:
        """Pass over the next value by its structure; its bytes go to `kept`, also where it ends damaged."""
        first = self.peek()
        end = self._tapped(kept)
        try:
            if first in ("{", "["):
                self._skip_container()
            elif first == '"':
                self._at += 1
                self._skip_string()
            else:
                self.value()
        finally:
            end()

    def _tapped(self, kept: Kept | None) -> Callable[[], None]:
        """Send what is passed over to `kept`, until the function that is returned is called."""
        self._drop()
        self._tap = kept

        def end() -> None:
            self._drop()
            self._tap = None

        return end

    def _skip_container(self) -> None:
        """Pass over an object or array by counting brackets outside of strings."""
        depth = 0
        while True:
            for token in _TOKEN.finditer(self._text, self._at):
                character = self._text[token.start()]
                if character == '"':
                    if token[1] is None:
                        self._at = token.start() + 1
                        break
                    continue
                depth += 1 if character in "{[" else -1
                if depth == 0:
                    self._at = token.end()
                    return
            else:
                self._at = len(self._text)
                if not self._fill():
                    raise Damaged("it ends in the middle of a value", self.offset)
                continue
            self._skip_string()

    def _skip_string(self) -> None:
        """Pass over the rest of a string, its closing quote included."""
        while True:
            self._at = _IN_STRING.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text) and self._text[self._at] == '"':
                self._at += 1
                return
            if not self._fill():
                raise Damaged("it ends in the middle of a string", self.offset)

    def skip_line(self, kept: Kept) -> None:
        """Pass over the rest of the line; its bytes go to `kept`."""
        end = self._tapped(kept)
        while (cut := self._text.find("\n", self._at)) < 0:
            self._at = len(self._text)
            if not self._fill():
                break
        else:
            self._at = cut + 1
        end()

    def rest(self, kept: Kept) -> None:
        """Pass over all that is left; its bytes go to `kept`."""
        self.drop_mark()
        end = self._tapped(kept)
        self._at = len(self._text)
        while self._fill():
            self._at = len(self._text)
        end()

    def ahead(self) -> Window:
        """A second window from here to the end of the stream, which is put aside in a temporary file on the way; this
        window goes on from that file."""
        spool = Spool()
        held = _encoded(self._text[self._at :]) + self._decoder.getstate()[0]
        spool.append(held)
        while chunk := self._stream.read(CHUNK_BYTES):
            spool.append(chunk)
        self._stream = _Section(spool, len(held))
        self._ended = False
        return Window(_Section(spool, 0), self.offset, self.line)

    def _fill(self, size: int = 0) -> bool:
        """Read more, after letting go of what has been passed; whether there was more."""
        if self._ended:
            return False
        self._drop()
        while True:
            data = self._stream.read(max(CHUNK_BYTES, size))
            text = self._decoder.decode(data, not data)
            if text or not data:
                break
        self._ended = not data
        self._text += text
        return bool(text)

    def _drop(self) -> None:
        """Let go of what has been passed, but for what the mark holds."""
        cut = self._at if self._mark is None else min(self._mark, self._at)
        self._count()
        if self._tap is not None:
            self._tap.write(_encoded(self._text[:cut]))
        self._counted -= cut
        self._text = self._text[cut:]
        self._at -= cut
        if self._mark is not None:
            self._mark -= cut


class _Section:
    """A reader's own place in a temporary file that several read."""

    def __init__(self, spool: Spool, position: int) -> None:
        self._spool = spool
        self._position = position

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""
        data = self._spool.at(self._position, size)
        self._position += len(data)
        return data


def check_limits(text: str) -> None:
    """TooLarge where the text of a value is beyond the limits in size, depth or the length of a string."""
    if len(text) > MAX_EVENT_BYTES:
        raise TooLarge(f"is larger than {MAX_EVENT_BYTES // 2**20} MiB")
    if len(text) <= MAX_STRING and text.count("{") + text.count("[") <= MAX_DEPTH:
        return
    depth = 0
    for token in _TOKEN.finditer(text):
        character = text[token.start()]
        if character == '"':
            if token.end() - token.start() > MAX_STRING:
                raise TooLarge(f"holds a string longer than {MAX_STRING // 2**20} MiB")
        else:
            depth += 1 if character in "{[" else -1
            if depth > MAX_DEPTH:
                raise TooLarge(f"nests deeper than {MAX_DEPTH} levels")


def _number(text: str) -> Json:
    """A number, or its text where its exponent is beyond all that can be computed with."""
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _encoded(text: str) -> bytes:
    """The bytes that a text was decoded from."""
    return text.encode("utf-8", "surrogateescape")


def _size(text: str) -> int:
    """How many bytes a text was decoded from."""
    return len(text) if text.isascii() else len(_encoded(text))
