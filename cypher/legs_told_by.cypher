// Expects $owners (numbers) and $at. Returns the legs that they contribute then, as rows.
UNWIND $owners AS number
MATCH (owner:Owner {number: number})-[:HELD|RAN|TOUCHES]->(node)
USING INDEX SEEK owner:Owner(number)
MATCH (node)-[leg:MOVED|CARRIED|INPUT|OUTPUT
  WHERE leg.known_from <= $at AND leg.known_to > $at AND leg.told_by = number]-()
WITH DISTINCT number, leg, startNode(leg) AS source, endNode(leg) AS target
RETURN collect([number, source.id, target.id, leg.event, leg.rule, leg.confirmed, leg.cost, leg.instant]) AS rows
