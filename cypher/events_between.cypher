// Expects $after, $upto and $most. Returns the next events in ledger order, at most so many: positions and facts.
MATCH (event:Entry)
USING INDEX SEEK event:Entry(position)
WHERE event.position > $after AND event.position <= $upto AND event:Event
WITH event ORDER BY event.position LIMIT $most
RETURN collect(event.position) AS position, collect(event.facts) AS facts
