// Expects nothing. Returns the numbers of all holdings that ever were.
MATCH (holding:Holding)
RETURN collect(holding.number) AS nodes
