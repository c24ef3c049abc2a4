"""Care that needs more than the store: reading the ledger again, and making the graph from it again."""
