// Expects $rows: `label` (Unit or Process), `key`, `number`. Returns how many were made.
UNWIND $rows AS row
CREATE (owner:Owner:$(row.label) {key: row.key, number: row.number})
RETURN count(owner) AS owners
