// Expects nothing. Returns the server's version, its edition, and its clock in microseconds.
CALL dbms.components() YIELD name, versions, edition
WHERE name = 'Neo4j Kernel'
RETURN versions[0] AS version, edition, timestamp() * 1000 AS clock
