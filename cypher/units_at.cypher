// Expects $places (keys of places) and $upto. Returns the keys of the units named by events that mention one of them.
UNWIND $places AS key
MATCH (place:Place {key: key})<-[:MENTIONS]-(event)
USING INDEX SEEK place:Place(key)
WHERE event.position <= $upto
WITH DISTINCT event
MATCH (event)-[:NAMES]->(unit)
RETURN collect(DISTINCT unit.key) AS units
