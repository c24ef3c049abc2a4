// Expects $ids and $at. Returns the newest record of each thing with one of the ids up to the position, as rows.
UNWIND $ids AS id
MATCH (record:Record {id: id})
USING INDEX SEEK record:Record(id)
WHERE record.position <= $at
WITH record ORDER BY record.position
WITH record.about AS about, record.id AS id, last(collect(record)) AS record
RETURN collect([about, id, record.data, record.valid_from, record.valid_to, record.withdrawn, record.reason,
  record.source, record.position, record.recorded_at, record.actor]) AS rows
