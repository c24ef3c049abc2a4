"""The plant of the tests of scopes."""

from tests.recall.scope.conftest import plant

__all__ = ["plant"]
