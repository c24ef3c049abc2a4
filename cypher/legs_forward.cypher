// Expects $nodes (numbers, each once), $at and $confirmed_only. Returns the legs that leave the nodes then, as columns.
UNWIND $nodes AS number
MATCH (source:Node {number: number})-[leg:MOVED|CARRIED|INPUT|OUTPUT
  WHERE leg.known_from <= $at AND leg.known_to > $at AND (NOT $confirmed_only OR leg.confirmed)]->(target)
USING INDEX SEEK source:Node(number)
RETURN collect(source.number) AS source, collect(target.number) AS target, collect(leg.event) AS event,
  collect(leg.rule) AS rule, collect(leg.confirmed) AS confirmed, collect(leg.cost) AS cost,
  collect(leg.instant) AS instant
