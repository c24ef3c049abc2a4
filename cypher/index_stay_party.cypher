// Expects nothing. Stays are found by the party that has the goods.
CREATE INDEX tracegraph_stay_party IF NOT EXISTS FOR ()-[stay:AT]-() ON (stay.party)
