"""Torture: what must hold when processes are killed, disks fill up, files are damaged and input is hostile.

`make torture` runs many rounds, the tests here a few of the same. See docs/torture.md.
"""
