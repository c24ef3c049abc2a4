"""One small store per released version of the schema, and the answers that it gave when it was made."""
