// Expects $nodes (numbers) and $at. Returns the gaps, then, of the units as a whole that are held at the nodes then, as
// rows. Where there is no such gap at all, the nodes are not looked at.
MATCH ()-[any:UNIT_GAP]->()
WITH count(any) AS gaps
UNWIND CASE WHEN gaps > 0 THEN $nodes ELSE [] END AS number
MATCH (node:Holding&Node {number: number})
USING INDEX SEEK node:Node(number)
WHERE EXISTS { (node)-[stay:AT WHERE stay.known_from <= $at AND stay.known_to > $at]->() }
WITH DISTINCT node.unit AS unit
MATCH (of:Owner {number: unit})<-[gap:UNIT_GAP WHERE gap.known_from <= $at AND gap.known_to > $at]-()
USING INDEX SEEK of:Owner(number)
RETURN collect([gap.told_by, gap.kind, gap.unit, gap.place, gap.event, of.id, gap.ask, gap.detail]) AS rows
