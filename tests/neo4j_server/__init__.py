"""A real Neo4j server for the tests, whatever the machine offers: see fixtures.py for what a test asks for."""
