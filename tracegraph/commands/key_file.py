"""The key of an anonymous export: written beside it where somebody asks for it, and only then."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracegraph.errors import InputError

if TYPE_CHECKING:
    from tracegraph.reports.anonymising import Hidden

KeyFile = Annotated[Path | None, typer.Option("--key", metavar="FILE")]


def write_key(path: Path | None, key: list[Hidden]) -> None:
    """Write what everything in an anonymous export is, where somebody asked for it."""
    import json
    from dataclasses import asdict

    if path is None:
        return
    told = json.dumps([asdict(one) for one in key], ensure_ascii=False, indent=1)
    try:
        path.write_text(f"{told}\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"the file {path} cannot be written: {error.strerror}; choose another") from None
