"""Loaded for tests/, README.md and docs/ alike; what it turns on is described in the two modules."""

from __future__ import annotations

pytest_plugins = ("tests.completeness", "tests.pages")
