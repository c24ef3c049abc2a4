// Expects nothing. Records are found by the id of the thing that they are about.
CREATE INDEX tracegraph_record_id IF NOT EXISTS FOR (record:Record) ON (record.id)
