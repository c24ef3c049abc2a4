"""The recall layer: which lots are in scope, why, and how sure that is."""
