"""ISO 22095:2020, chain of custody: the five models and what they require, as rules."""
