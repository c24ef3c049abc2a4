// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Stays.
// From the position on they are no longer so; what began at that very position vanishes. Returns how many there were, and
// the last position from which one of them is known: beyond $position nothing was done.
UNWIND $rows AS row
MATCH (source:Node {number: row.source})-[stay:AT]->(:Place {key: row.target})
USING INDEX SEEK source:Node(number)
WHERE stay.known_to = $open AND size(keys(stay)) = size(keys(row.said)) + 2
  AND all(name IN keys(stay) WHERE name IN ['known_from', 'known_to'] OR stay[name] = row.said[name])
WITH stay, stay.known_from AS known_from
FOREACH (_ IN CASE WHEN known_from < $position THEN [1] ELSE [] END | SET stay.known_to = $position)
FOREACH (_ IN CASE WHEN known_from = $position THEN [1] ELSE [] END | DELETE stay)
RETURN count(*) AS closed, coalesce(max(known_from), 0) AS last
