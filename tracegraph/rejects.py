"""The rejects file: everything that was not accepted, kept whole, one JSON object per line."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from tracegraph.formats.epcis import Rejected

#: Multiple of three, so that pieces of base64 join without padding in between.
_CHUNK = 3 * 65536


@dataclass(frozen=True, slots=True)
class Rejects:
    """Appends to one file. A line holds `source`, `pointer`, `offset`, `line`, `reason` and the piece: as `data` where
    it is UTF-8 text, else as `base64`."""

    path: Path

    def keep(self, piece: Rejected) -> None:
        """Append one rejected piece."""
        position = piece.position
        head = {
            "source": position.source,
            "pointer": position.pointer,
            "offset": position.offset,
            "line": position.line,
            "reason": piece.reason,
        }
        with self.path.open("ab") as stream:
            stream.write(json.dumps(head)[:-1].encode())
            text = _text(piece)
            if text is not None:
                stream.write(b', "data": ' + json.dumps(text, ensure_ascii=False).encode())
            else:
                stream.write(b', "base64": "')
                _write_base64(piece, stream.write)
                stream.write(b'"')
            stream.write(b"}\n")


def _text(piece: Rejected) -> str | None:
    """The piece as text where it is small and UTF-8."""
    if piece.data.size > 16 * 1024 * 1024:
        return None
    try:
        return piece.data.read().decode()
    except UnicodeDecodeError:
        return None


def _write_base64(piece: Rejected, write: object) -> None:
    left = b""
    assert callable(write)
    for chunk in piece.data.chunks():
        data = left + chunk
        whole = len(data) - len(data) % _CHUNK
        write(base64.b64encode(data[: whole - whole % 3]))
        left = data[whole - whole % 3 :]
    write(base64.b64encode(left))
