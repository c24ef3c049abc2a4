"""Documents and answers without names: parties, sites, products, goods and persons by their role and a running number.

The same thing has the same number all through one export, and nothing in the export says which it is: the key is made
only for who asks for it. What looks like an identifier is replaced even where the records do not know it.
"""

from __future__ import annotations

from tracegraph.reports.anonymising.hiding import Hidden, Hiding, hiding_answer
from tracegraph.reports.anonymising.secrets import Secrets, secrets_of, texts_in

__all__ = ["Hidden", "Hiding", "Secrets", "hiding_answer", "secrets_of", "texts_in"]
