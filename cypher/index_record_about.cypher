// Expects nothing. Records are found by the kind of thing that they are about.
CREATE INDEX tracegraph_record_about IF NOT EXISTS FOR (record:Record) ON (record.about)
