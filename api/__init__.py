"""The HTTP interface, imported as `tracegraph.api`. Empty so far: it comes after the foundation (see CHANGELOG.md)."""
