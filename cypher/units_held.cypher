// Expects $nodes (numbers). Returns nodes and the numbers of the units whose holdings they are, as columns;
// transformations are left out.
UNWIND $nodes AS number
MATCH (holding:Holding&Node {number: number})
USING INDEX SEEK holding:Node(number)
RETURN collect(number) AS node, collect(holding.unit) AS unit
