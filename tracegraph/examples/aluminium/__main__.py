"""`python -m tracegraph.examples.aluminium FOLDER` writes the files."""

from __future__ import annotations

import sys
from pathlib import Path

from tracegraph.examples.aluminium.files import write

if len(sys.argv) != 2:
    raise SystemExit("Name one folder to write the demo files to: python -m tracegraph.examples.aluminium FOLDER")
write(Path(sys.argv[1]))
