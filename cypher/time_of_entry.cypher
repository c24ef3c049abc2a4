// Expects $position. Returns the time of the first entry at that position or after it, as a list of one or none.
MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(position)
WHERE entry.position >= $position
WITH entry ORDER BY entry.position LIMIT 1
RETURN collect(entry.recorded_at) AS times
