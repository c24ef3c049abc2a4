// Expects $keys and $at. Returns the numbers of the units that these keys mean then, as their own or as another number.
UNWIND $keys AS key
MATCH (number:Owner {key: key})
USING INDEX SEEK number:Owner(key)
CALL (number) {
  RETURN number AS unit
  UNION
  MATCH (number)<-[known:ALIAS WHERE known.known_from <= $at AND known.known_to > $at]-(unit)
  RETURN unit
}
RETURN collect(DISTINCT unit.number) AS numbers
