// Expects $owners (numbers) and $at. Returns owners and the lots of which they are members then, as columns.
UNWIND $owners AS number
MATCH (owner:Owner {number: number})-[known:MEMBER_OF WHERE known.known_from <= $at AND known.known_to > $at]->(lot)
USING INDEX SEEK owner:Owner(number)
RETURN collect(owner.key) AS owner, collect(lot.key) AS lot
