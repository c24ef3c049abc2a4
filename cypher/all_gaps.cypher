// Expects $at. Returns all gaps then, as rows; those of a unit as a whole name no holding.
MATCH ()-[gap:GAP|UNIT_GAP WHERE gap.known_from <= $at AND gap.known_to > $at]->(of)
RETURN collect([gap.told_by, gap.kind, gap.unit, gap.place, gap.event, of.id, gap.ask, gap.detail]) AS rows
