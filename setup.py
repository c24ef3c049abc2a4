"""Which folder becomes which package. A wheel installs `tracegraph` and nothing else at the top.

`api/` and `cypher/` lie beside the library because people look for them there; installed, they are tracegraph.api and
tracegraph.cypher. Metadata and dependencies are in pyproject.toml.
"""

from __future__ import annotations

from setuptools import find_packages, setup

MAPPED = {"tracegraph.api": "api", "tracegraph.cypher": "cypher"}
DATA = [
    "py.typed",
    "*.css",
    "*.csv",
    "*.cypher",
    "*.html",
    "*.js",
    "*.json",
    "*.jsonld",
    "*/*.json",
    "*.ndjson",
    "*.sql",
    "*.toml",
]


def all_packages() -> list[str]:
    """The library's own packages, the mapped folders, and the packages inside those."""
    own = find_packages(include=["tracegraph", "tracegraph.*"])
    inside = [f"{package}.{child}" for package, folder in MAPPED.items() for child in find_packages(folder)]
    return [*own, *MAPPED, *inside]


setup(
    packages=all_packages(),
    package_dir={"tracegraph": "tracegraph", **MAPPED},
    package_data={"": DATA},
)
