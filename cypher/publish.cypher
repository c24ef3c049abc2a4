// Expects $position. Everything up to it is committed: readers may see it. Never goes back, as changes may be published
// out of order.
MATCH (published:Published {key: 'tracegraph'})
USING INDEX SEEK published:Published(key)
SET published.position = CASE WHEN $position > published.position THEN $position ELSE published.position END
RETURN published.position AS position
