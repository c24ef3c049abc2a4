// Expects nothing. Holdings and transformations have one number each.
CREATE CONSTRAINT tracegraph_node_number IF NOT EXISTS FOR (node:Node) REQUIRE node.number IS UNIQUE
