"""Settings of channels, from a file that only its owner reads: names of channels as people use them, each with the kind
of channel and what that needs.

    {"mail": {"channel": "smtp", "host": "mail.example", "from": "recalls@plant.example", "password_file": "secret"},
     "folder": {"channel": "file", "folder": "notices"}}
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegraph.errors import InputError, UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one channel: its `name` for people, the kind of `channel`, and its values, which `repr` never shows.
    Relative paths are from `base`, the folder of the file."""

    name: str
    channel: str
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    base: Path = Path()

    def text(self, name: str, default: str | None = None) -> str:
        """A text; UsageError where it is missing and has no default, or is none."""
        found = self.values.get(name, default)
        if not isinstance(found, str) or (default is None and not found):
            raise UsageError(f"channel {self.name}: {name} is missing or no text; write it into the settings file")
        return found

    def number(self, name: str, default: int) -> int:
        """A whole number; UsageError where it is none."""
        found = self.values.get(name, default)
        if not isinstance(found, int) or isinstance(found, bool):
            raise UsageError(f"channel {self.name}: {name} is no whole number; correct the settings file")
        return found

    def path(self, name: str) -> Path:
        """A path, from the folder of the settings file."""
        return self.base / self.text(name)

    def secret(self, name: str) -> str:
        """A secret that stands in the settings (`password`) or, better, in a file of its own (`password_file`); empty
        where there is none."""
        if f"{name}_file" not in self.values:
            return self.text(name, "")
        path = self.path(f"{name}_file")
        _check_private(path)
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise InputError(f"channel {self.name}: {path} cannot be read; check {name}_file") from None


def read_settings(path: Path) -> dict[str, Settings]:
    """The settings in a file, by name. InputError where it cannot be read or others may read it, UsageError where it is
    none; no message shows what is in it."""
    _check_private(path)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the settings of channels {path} cannot be read: {error.strerror}; name another") from None
    except ValueError:
        raise UsageError(f"the settings of channels {path} are no JSON; correct them") from None
    if not isinstance(told, dict) or not all(isinstance(one, dict) for one in told.values()):
        raise UsageError(f'the settings of channels {path} are no object of objects; write {{"mail": {{...}}}}')
    return {name: _settings(name, values, path) for name, values in told.items()}


def _settings(name: str, values: dict[str, Any], path: Path) -> Settings:
    return Settings(name, Settings(name, "", values).text("channel"), values, path.parent)


def _check_private(path: Path) -> None:
    if os.name == "posix" and path.is_file() and path.stat().st_mode & 0o077:
        raise InputError(f"others may read {path}, which may hold a password; run: chmod 600 {path}")
