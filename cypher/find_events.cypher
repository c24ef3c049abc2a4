// Expects $units, $hashes, $event_ids, $transformations (lists) and $upto. Returns the positions of the events that name
// one of the units, or have one of the content hashes, eventIDs or transformationIDs, in ledger order, each once.
CALL () {
  UNWIND $units AS key
  MATCH (owner:Owner {key: key})<-[:NAMES]-(event)
  USING INDEX SEEK owner:Owner(key)
  RETURN event
  UNION
  UNWIND $hashes AS hash
  MATCH (event:Event {content_hash: hash})
  USING INDEX SEEK event:Event(content_hash)
  RETURN event
  UNION
  UNWIND $event_ids AS id
  MATCH (event:Event {event_id: id})
  USING INDEX SEEK event:Event(event_id)
  RETURN event
  UNION
  UNWIND $transformations AS transformation
  MATCH (event:Event {transformation: transformation})
  USING INDEX SEEK event:Event(transformation)
  RETURN event
}
WITH DISTINCT event.position AS position WHERE position <= $upto
WITH position ORDER BY position
RETURN collect(position) AS positions
