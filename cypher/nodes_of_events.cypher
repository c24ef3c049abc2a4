// Expects $events (public ids). Returns the numbers of all holdings that they opened.
UNWIND $events AS event
MATCH (holding:Holding {event: event})
USING INDEX SEEK holding:Holding(event)
RETURN collect(holding.number) AS nodes
