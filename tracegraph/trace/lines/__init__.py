"""Lines of sites in time: what the records and events say of them, and which runs fall into a window."""
