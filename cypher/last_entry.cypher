// Expects $upto. Returns the last ledger entry up to that position as a list of one row, or of none.
MATCH (entry:Entry)
USING INDEX SEEK entry:Entry(position)
WHERE entry.position <= $upto
WITH entry ORDER BY entry.position DESC LIMIT 1
RETURN collect([entry.position, entry.hash, entry.recorded_at]) AS entries
