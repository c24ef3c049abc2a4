"""XML namespaces as the `@context` of an event in JSON-LD.

An extension keeps its prefix where that prefix means nothing else. Namespaces that the EPCIS context knows keep the
prefix that they have there, also in the spellings that only XML files use.
"""

from __future__ import annotations

from tracegraph.formats.epcis.context import EPCIS_CONTEXT, STANDARD
from tracegraph.formats.epcis.vocabulary import WEB_VOCABULARY_URI
from tracegraph.formats.epcis_xml.elements import Scope
from tracegraph.model.event import Json

#: As written in XML, and as the EPCIS context has it.
_SPELLINGS = {
    "urn:epcglobal:cbv:mda": STANDARD.terms["cbvmda"],
    "https://ref.gs1.org/voc/": WEB_VOCABULARY_URI,
    "http://gs1.org/voc/": WEB_VOCABULARY_URI,
    "https://www.gs1.org/voc/": WEB_VOCABULARY_URI,
}
_STANDARD_PREFIXES = {uri: prefix for prefix, uri in STANDARD.terms.items()}
#: Prefixes that would change what identifiers mean.
_SCHEMES = frozenset({"urn", "http", "https", "ni", "geo", "tag"})
_UNNAMED = "ext"


class Namespaces:
    """The prefixes of one event, given out as names are met."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}
        self._taken = {*STANDARD.terms, *_SCHEMES}
        self._numbers: dict[str, int] = {}

    def member(self, namespace: str, local: str, scope: Scope) -> str:
        """The name of a JSON member: `prefix:local`, or the local name where there is no namespace."""
        if not namespace:
            return local
        uri = _SPELLINGS.get(namespace, namespace)
        prefix = _STANDARD_PREFIXES.get(uri) or self._prefixes.get(uri)
        if prefix is None:
            prefix = self._new(uri, next((name for name, uri in scope.items() if uri == namespace and name), _UNNAMED))
        return f"{prefix}:{local}"

    def curie(self, text: str, scope: Scope) -> tuple[str, str]:
        """A text that may be a CURIE of the file: as full URI, and as text for the JSON event."""
        prefix, colon, local = text.partition(":")
        uri = scope.get(prefix) if colon and prefix not in _SCHEMES and not local.startswith("//") else None
        if uri is None:
            return STANDARD.expanded(text), text
        full = _SPELLINGS.get(uri, uri) + local
        return full, self.member(uri, local, scope)

    def _new(self, uri: str, wished: str) -> str:
        """A prefix for a namespace: the wished one, with a number where that means something else."""
        prefix, number = wished, self._numbers.get(wished, 1)
        while prefix in self._taken:
            number += 1
            prefix = f"{wished}{number}"
        self._numbers[wished] = number
        self._taken.add(prefix)
        self._prefixes[uri] = prefix
        return prefix

    def context(self) -> Json:
        """The `@context` that declares all prefixes given out."""
        declared: list[Json] = [EPCIS_CONTEXT]
        if self._prefixes:
            declared.append({prefix: uri for uri, prefix in self._prefixes.items()})
        return declared
