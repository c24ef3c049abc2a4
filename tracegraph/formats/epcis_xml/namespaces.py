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
_SCHEMES = frozenset({"urn", "http", "https", "ni", "geo", "tag", "urn-7"})
_UNNAMED = "ext"


class Namespaces:
    """The prefixes of one event, given out as names are met."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}

    def member(self, namespace: str, local: str, scope: Scope) -> str:
        """The name of a JSON member: `prefix:local`, or the local name where there is no namespace."""
        if not namespace:
            return local
        wished = next((prefix for prefix, uri in scope.items() if uri == namespace and prefix), _UNNAMED)
        return f"{self._prefix(namespace, wished)}:{local}"

    def curie(self, text: str, scope: Scope) -> tuple[str, str]:
        """A text that may be a CURIE of the file: as full URI, and as text for the JSON event."""
        prefix, colon, local = text.partition(":")
        uri = scope.get(prefix) if colon and prefix not in _SCHEMES and not local.startswith("//") else None
        if uri is None:
            return STANDARD.expanded(text), text
        uri = _SPELLINGS.get(uri, uri)
        return uri + local, f"{self._prefix(uri, prefix)}:{local}"

    def _prefix(self, namespace: str, wished: str) -> str:
        uri = _SPELLINGS.get(namespace, namespace)
        known = _STANDARD_PREFIXES.get(uri) or self._prefixes.get(uri)
        if known is not None:
            return known
        taken = {*self._prefixes.values(), *STANDARD.terms, *_SCHEMES}
        prefix, number = wished, 1
        while prefix in taken:
            number += 1
            prefix = f"{wished}{number}"
        self._prefixes[uri] = prefix
        return prefix

    def context(self) -> Json:
        """The `@context` that declares all prefixes given out."""
        declared: list[Json] = [EPCIS_CONTEXT]
        if self._prefixes:
            declared.append({prefix: uri for uri, prefix in self._prefixes.items()})
        return declared
