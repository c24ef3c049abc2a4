// Expects $after, $upto and $most. Returns what was derived from the next entries in ledger order, at most so many, as
// rows: position, kind, facts, data, content hash, eventID, transformationID, and how many units the entry names.
MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(position)
WHERE entry.position > $after AND entry.position <= $upto
WITH entry ORDER BY entry.position LIMIT $most
RETURN collect([entry.position, CASE WHEN entry:Event THEN 'event' ELSE 'record' END, entry.facts, entry.data, entry.content_hash, entry.event_id,
  entry.transformation, COUNT { (entry)-[:NAMES]->() }]) AS rows
