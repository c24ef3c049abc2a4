// Expects $rows: `key`, `label`, `kind` and `id` of places. Makes those that are missing; returns how many rows there were.
UNWIND $rows AS row
MERGE (place:Place {key: row.key})
ON CREATE SET place:$(row.label), place.kind = row.kind, place.id = row.id
RETURN count(place) AS places
