// Expects $rows: `type` (MOVED, CARRIED, INPUT or OUTPUT), `source`, `target` and `said` (properties but known_from and
// known_to); $position and $open. Returns how many legs were made. Every property is named, as that spares the server to
// wait for all rows before it sets any.
UNWIND $rows AS row
MATCH (source:Node {number: row.source})
USING INDEX SEEK source:Node(number)
MATCH (target:Node {number: row.target})
USING INDEX SEEK target:Node(number)
CREATE (source)-[leg:$(row.type) {
  told_by: row.said.told_by, event: row.said.event, rule: row.said.rule,
  confirmed: row.said.confirmed, cost: row.said.cost, instant: row.said.instant,
  known_from: $position, known_to: $open
}]->(target)
RETURN count(leg) AS opened
