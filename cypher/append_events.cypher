// Expects $rows: `entry` (the properties of an event's ledger entry), `units` (keys that it names) and `places` (keys of
// places that it mentions), all of which exist. Returns how many entries were made.
UNWIND $rows AS row
CREATE (event:Entry:Event)
SET event = row.entry
WITH row, event
CALL (row, event) {
  UNWIND row.units AS key
  MATCH (unit:Owner {key: key})
  USING INDEX SEEK unit:Owner(key)
  CREATE (event)-[:NAMES]->(unit)
}
CALL (row, event) {
  UNWIND row.places AS key
  MATCH (place:Place {key: key})
  USING INDEX SEEK place:Place(key)
  CREATE (event)-[:MENTIONS]->(place)
}
RETURN count(event) AS entries
