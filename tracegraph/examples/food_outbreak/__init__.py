"""The outbreak of 2011, re-modelled: fenugreek seed from one exporter, sprouts, 42 case sites in two countries.

`write(folder)` writes what the partners sent, as EPCIS 2.0 documents, and returns what is true. Companies appear by
role. Statements taken from published accounts carry `tracegraph:source` with a short citation and what it covers;
where anything in an event or in master data is invented, it carries `tracegraph:synthetic`. Published figures that
conflict stay as published.
"""

from __future__ import annotations

from tracegraph.examples.food_outbreak.coverage import coverage
from tracegraph.examples.food_outbreak.facts import Case, DemoFacts, Reach
from tracegraph.examples.food_outbreak.files import CASES_LIST, PARTNERS, write
from tracegraph.examples.food_outbreak.questions import INTRODUCTION, NEXT, QUESTIONS
from tracegraph.examples.food_outbreak.questions import LOT as MARK
from tracegraph.examples.questions import Question, Wording

__all__ = [
    "CASES_LIST",
    "INTRODUCTION",
    "MARK",
    "NEXT",
    "PARTNERS",
    "QUESTIONS",
    "Case",
    "DemoFacts",
    "Question",
    "Reach",
    "Wording",
    "coverage",
    "write",
]
