"""Every Cypher statement, one file each, named after what it does; installed as `tracegraph.cypher`.

Empty so far: it comes with the Neo4j store (see CHANGELOG.md).
"""
