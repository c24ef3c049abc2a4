"""tracegraph's own interface, under /api/v1: one module for each resource."""
