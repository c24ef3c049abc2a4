"""Answers in other forms: networks, tables, and a page for people."""
