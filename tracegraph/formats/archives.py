"""What can go wrong where a zip archive is read that somebody sent."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

#: All that Python's zipfile raises of a damaged or hostile archive, but for KeyError where a file is not in it. Little
#: of it is documented: a place that cannot be is a ValueError, and each way of packing has errors of its own.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    OverflowError,
    ValueError,
)
