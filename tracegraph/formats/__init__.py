"""Readers and writers: bytes from outside to events, records and back."""
