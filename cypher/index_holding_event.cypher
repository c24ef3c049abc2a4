// Expects nothing. Holdings are found by the public id of the event that opened them.
CREATE INDEX tracegraph_holding_event IF NOT EXISTS FOR (holding:Holding) ON (holding.event)
