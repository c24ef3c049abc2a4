"""Every Cypher statement of the Neo4j store, one file each, named after what it does; installed as `tracegraph.cypher`.

A header says what each expects and returns. Values go in as parameters; tracegraph.stores.neo4j runs them.
"""
