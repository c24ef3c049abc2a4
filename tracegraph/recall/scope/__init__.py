"""Scope: which units a recall is about. Seeds, how sure each unit is in it, and what changed between two answers."""

from tracegraph.recall.scope.answering import scope
from tracegraph.recall.scope.question import ScopeQuestion, read_question

__all__ = ["ScopeQuestion", "read_question", "scope"]
