// Expects $keys of units and $at. Returns the gaps of these units as a whole then, as rows.
UNWIND $keys AS key
MATCH (of:Owner {key: key})<-[gap:UNIT_GAP WHERE gap.known_from <= $at AND gap.known_to > $at]-()
USING INDEX SEEK of:Owner(key)
RETURN collect([gap.told_by, gap.kind, gap.unit, gap.place, gap.event, of.id, gap.ask, gap.detail]) AS rows
