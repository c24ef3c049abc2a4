// Expects $numbers. Returns numbers and keys of units and processes, as columns.
UNWIND $numbers AS number
MATCH (owner:Owner {number: number})
USING INDEX SEEK owner:Owner(number)
RETURN collect(owner.number) AS number, collect(owner.key) AS key
