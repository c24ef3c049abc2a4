// Expects nothing. A place is there once; its key is made of its kind and its id.
CREATE CONSTRAINT tracegraph_place_key IF NOT EXISTS FOR (place:Place) REQUIRE place.key IS UNIQUE
