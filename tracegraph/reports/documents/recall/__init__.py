"""The documents of a recall and of its investigation (recall practice, 1.3): each made from the case and the graph."""
