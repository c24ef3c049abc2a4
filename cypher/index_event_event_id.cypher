// Expects nothing. Events are found by their eventID.
CREATE INDEX tracegraph_event_event_id IF NOT EXISTS FOR (event:Event) ON (event.event_id)
