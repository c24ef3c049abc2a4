// Expects $rows: `entry`, the properties of a record's ledger entry. Returns how many entries were made.
UNWIND $rows AS row
CREATE (record:Entry:Record)
SET record = row.entry
RETURN count(record) AS entries
