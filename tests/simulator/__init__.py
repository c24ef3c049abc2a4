"""Simulated physical worlds: what happened, what a clerk wrote, and what the command line makes of it.

Imports nothing of the product: it writes EPCIS documents and reads answers (docs/simulator.md).
"""
