// Expects $starts (numbers), $at and $confirmed_only. Returns, as columns, every node on some path to the starts, once for
// each leg known then that enters it; otherwise like reach_units_forward.
UNWIND $starts AS number
MATCH (start:Node {number: number})
USING INDEX SEEK start:Node(number)
WHERE NOT EXISTS {
  MATCH (start)-[first:MOVED|CARRIED|INPUT|OUTPUT
    WHERE first.known_from <= $at AND first.known_to > $at AND (NOT $confirmed_only OR first.confirmed)]->(other)
  WHERE other.number > number AND other.number IN $starts
}
MATCH (start)<-[hop:MOVED|CARRIED|INPUT|OUTPUT
  WHERE hop.known_from <= $at AND hop.known_to > $at AND (NOT $confirmed_only OR hop.confirmed)]-*(near)
WITH DISTINCT near
OPTIONAL MATCH (near)<-[leg:MOVED|CARRIED|INPUT|OUTPUT
  WHERE leg.known_from <= $at AND leg.known_to > $at AND (NOT $confirmed_only OR leg.confirmed)]-(far)
RETURN collect(near.number) AS near, collect(coalesce(near.unit, 0)) AS unit, collect(coalesce(far.number, 0)) AS far,
  collect(coalesce(leg.cost, 0)) AS cost
