"""The recall case: what was done in it, move by move, and what follows from that.

Source: docs/adr/013-recall-case.md; recall practice: 21 CFR 7.40 to 7.59, ISO 10393:2013 clauses 4 to 7.
"""

from tracegraph.recall.case.casefile import CaseFile, case_file, case_files
from tracegraph.recall.case.move import Move
from tracegraph.recall.case.version import ScopeEntry, ScopeVersion

__all__ = ["CaseFile", "Move", "ScopeEntry", "ScopeVersion", "case_file", "case_files"]
