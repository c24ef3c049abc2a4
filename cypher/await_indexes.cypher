// Expects nothing. Waits until all indexes can be used (at most 300 seconds).
CALL db.awaitIndexes(300)
