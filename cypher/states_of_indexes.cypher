// Expects nothing. Returns the names of all indexes, those of constraints among them, and the state of each.
SHOW INDEXES YIELD name, state
RETURN collect(name) AS names, collect(state) AS states
