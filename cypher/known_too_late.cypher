// Expects $at (how many entries there are) and $published (up to which position readers may see). Returns how many
// relationships are known from a position in between, as rows: number, type, $at.
MATCH ()-[said:IS|OF|AT|MOVED|CARRIED|INPUT|OUTPUT|GAP|UNIT_GAP|ALIAS|MEMBER_OF]->()
WHERE said.known_from > $at AND said.known_from <= $published
WITH type(said) AS type, count(said) AS number
RETURN collect([number, type, $at]) AS rows
