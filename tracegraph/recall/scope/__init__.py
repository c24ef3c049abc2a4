"""Scope: which units a recall is about. Seeds, how sure each unit is in it, and what changed between two answers."""

from tracegraph.recall.scope.answering import scope
from tracegraph.recall.scope.comparing import compare
from tracegraph.recall.scope.question import ScopeQuestion, read_question
from tracegraph.recall.scope.written import ask_scope

__all__ = ["ScopeQuestion", "ask_scope", "compare", "read_question", "scope"]
