// Expects $rows: `source`, `target` and `said` (properties but known_from and known_to); $position and $open. Gaps of holdings.
// From the position on they are no longer so; what began at that very position vanishes. Returns how many there were, and
// the last position from which one of them is known: beyond $position nothing was done.
UNWIND $rows AS row
MATCH (owner:Owner {number: row.source})-[gap:GAP]->(:Node {number: row.target})
USING INDEX SEEK owner:Owner(number)
WHERE gap.known_to = $open AND size(keys(gap)) = size(keys(row.said)) + 2
  AND all(name IN keys(gap) WHERE name IN ['known_from', 'known_to'] OR gap[name] = row.said[name])
WITH gap, gap.known_from AS known_from
FOREACH (_ IN CASE WHEN known_from < $position THEN [1] ELSE [] END | SET gap.known_to = $position)
FOREACH (_ IN CASE WHEN known_from = $position THEN [1] ELSE [] END | DELETE gap)
RETURN count(*) AS closed, coalesce(max(known_from), 0) AS last
