// Expects $starts (numbers), $at and $confirmed_only. Returns every leg, known then, on some path to the starts, as
// columns; otherwise like reach_forward.
UNWIND $starts AS number
MATCH (start:Node {number: number})
USING INDEX SEEK start:Node(number)
WHERE NOT EXISTS {
  MATCH (start)-[first:MOVED|CARRIED|INPUT|OUTPUT
    WHERE first.known_from <= $at AND first.known_to > $at AND (NOT $confirmed_only OR first.confirmed)]->(other)
  WHERE other.number > number AND other.number IN $starts
}
MATCH (start)<-[hop:MOVED|CARRIED|INPUT|OUTPUT
  WHERE hop.known_from <= $at AND hop.known_to > $at AND (NOT $confirmed_only OR hop.confirmed)]-*(target)
WITH DISTINCT target
MATCH (target)<-[leg:MOVED|CARRIED|INPUT|OUTPUT
  WHERE leg.known_from <= $at AND leg.known_to > $at AND (NOT $confirmed_only OR leg.confirmed)]-(source)
RETURN collect(source.number) AS source, collect(target.number) AS target, collect(leg.event) AS event,
  collect(leg.rule) AS rule, collect(leg.confirmed) AS confirmed, collect(leg.cost) AS cost,
  collect(leg.instant) AS instant
