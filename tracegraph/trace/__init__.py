"""Tracing: written once, above the storage port, so that every store gives the same answer to the byte."""
