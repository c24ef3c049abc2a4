// Expects $nodes (numbers) and $at. Returns the gaps of these holdings then, as rows.
UNWIND $nodes AS number
MATCH (of:Node {number: number})<-[gap:GAP WHERE gap.known_from <= $at AND gap.known_to > $at]-()
USING INDEX SEEK of:Node(number)
RETURN collect([gap.told_by, gap.kind, gap.unit, gap.place, gap.event, of.id, gap.ask, gap.detail]) AS rows
