// Expects $events (public ids). Returns the numbers of the transformations in which one of them ever took part.
UNWIND $events AS name
MATCH (act:Act {event: name})-[:PART_OF]->(joint)
USING INDEX SEEK act:Act(event)
RETURN collect(DISTINCT joint.number) AS nodes
