// Expects $positions. Returns positions and facts of the events there, as columns.
UNWIND $positions AS position
MATCH (event:Event&Entry {position: position})
USING INDEX SEEK event:Entry(position)
RETURN collect(event.position) AS position, collect(event.facts) AS facts
