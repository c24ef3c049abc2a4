// Expects $owners (numbers) and $at. Returns owners and the other numbers that they have then, as columns.
UNWIND $owners AS number
MATCH (owner:Owner {number: number})-[known:ALIAS WHERE known.known_from <= $at AND known.known_to > $at]->(other)
USING INDEX SEEK owner:Owner(number)
RETURN collect(owner.key) AS owner, collect(other.key) AS other
