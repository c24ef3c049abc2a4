"""Which lots goods without a lot number may have been: FIFO, LIFO, a window or stock in proportion, as an assumption
that the question names. What is inferred is always possible, never confirmed. See docs/adr/012-inference.md."""
