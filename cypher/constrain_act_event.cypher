// Expects nothing. What an event did in transformations is there once.
CREATE CONSTRAINT tracegraph_act_event IF NOT EXISTS FOR (act:Act) REQUIRE act.event IS UNIQUE
