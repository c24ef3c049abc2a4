"""schemathesis finds nothing on the embedded store. `make conformance` looks longer."""

from __future__ import annotations

from pathlib import Path

from tests.api.conformance import conform_briefly


def test_the_interface_is_as_described_on_the_embedded_store(tmp_path: Path) -> None:
    ran = conform_briefly(f"sqlite:///{tmp_path}/store.db", tmp_path)
    assert ran.returncode == 0, ran.stdout
