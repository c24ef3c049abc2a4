// Expects nothing. Events are found by their content hash.
CREATE INDEX tracegraph_event_content_hash IF NOT EXISTS FOR (event:Event) ON (event.content_hash)
