// Expects nothing. Holdings and transformations have one id each.
CREATE CONSTRAINT tracegraph_node_id IF NOT EXISTS FOR (node:Node) REQUIRE node.id IS UNIQUE
