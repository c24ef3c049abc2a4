// Expects $after, $upto and $most. Returns the next entries in ledger order, at most so many, as columns.
MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(position)
WHERE entry.position > $after AND entry.position <= $upto
WITH entry ORDER BY entry.position LIMIT $most
RETURN collect(entry.position) AS position, collect(CASE WHEN entry:Event THEN 'event' ELSE 'record' END) AS kind,
  collect(entry.recorded_at) AS recorded_at,
  collect(entry.actor) AS actor, collect(entry.payload) AS payload, collect(entry.previous) AS previous,
  collect(entry.hash) AS hash
