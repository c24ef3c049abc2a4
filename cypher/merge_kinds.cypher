// Expects $keys of kinds of owners. Makes those that are missing; returns how many keys there were.
UNWIND $keys AS key
MERGE (kind:Kind {key: key})
RETURN count(kind) AS kinds
