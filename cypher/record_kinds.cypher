// Expects nothing. Returns the kinds of things that there are records about.
MATCH (record:Record)
RETURN collect(DISTINCT record.about) AS kinds
