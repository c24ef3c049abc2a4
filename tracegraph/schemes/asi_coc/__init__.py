"""ASI chain of custody: material accounting of certified aluminium, as rules."""
