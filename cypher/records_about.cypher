// Expects $kinds and $at. Returns the newest record of each thing of these kinds up to the position, as rows.
UNWIND $kinds AS kind
MATCH (record:Record {about: kind})
USING INDEX SEEK record:Record(about)
WHERE record.position <= $at
WITH record ORDER BY record.position
WITH record.about AS about, record.id AS id, last(collect(record)) AS record
RETURN collect([about, id, record.data, record.valid_from, record.valid_to, record.withdrawn, record.reason,
  record.source, record.position, record.recorded_at, record.actor]) AS rows
