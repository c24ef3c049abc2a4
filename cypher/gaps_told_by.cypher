// Expects $owners (numbers) and $at. Returns the gaps that they contribute then, as rows; those of a unit as a whole name
// no holding.
UNWIND $owners AS number
MATCH (owner:Owner {number: number})-[gap:GAP|UNIT_GAP WHERE gap.known_from <= $at AND gap.known_to > $at]->(of)
USING INDEX SEEK owner:Owner(number)
RETURN collect([number, gap.kind, gap.unit, gap.place, gap.event, of.id, gap.ask, gap.detail]) AS rows
