// Expects nothing. Events are found by their transformationID.
CREATE INDEX tracegraph_event_transformation IF NOT EXISTS FOR (event:Event) ON (event.transformation)
