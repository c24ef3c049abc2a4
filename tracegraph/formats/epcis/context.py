"""JSON-LD contexts, as far as EPCIS needs them: prefixes and terms that a document or event declares.

Contexts are never fetched and none is bundled; the prefixes of the EPCIS context itself are known here. What a file
declares wins over them, an event's own declarations over its document's, later ones over earlier ones.
Source: JSON-LD 1.1 sections 4.1 and 4.2; EPCIS 2.0 section 10.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tracegraph.formats.epcis import vocabulary
from tracegraph.model.event import Json

#: What tracegraph writes as the first context of a document.
EPCIS_CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"

_STANDARD_PREFIXES = {
    "epcis": vocabulary.EPCIS_URI,
    "cbv": vocabulary.CBV_URI,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "gs1": vocabulary.WEB_VOCABULARY_URI,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}

#: The namespace of tracegraph's own extensions; the prefix `tracegraph:` needs no declaration.
TRACEGRAPH_URI = "https://tracegraph.dev/ns#"

#: A remark for people (`rdfs:comment`), which has no counterpart in XML.
_COMMENT = (_STANDARD_PREFIXES["rdfs"], "comment")

#: So many names of members are remembered: a file must not make memory grow without end.
_MOST_NAMES = 4096

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


class Context:
    """The prefixes and terms in force for one event."""

    __slots__ = ("_labels", "_names", "default", "terms")

    def __init__(self, declarations: Iterable[Json] = ()) -> None:
        """`declarations`: values of `@context`, the outermost first."""
        self.terms: dict[str, str] = {**_STANDARD_PREFIXES, "tracegraph": TRACEGRAPH_URI}
        self.default: str | None = None
        self._names: dict[str, tuple[str, str]] = {}
        self._labels: dict[str, str | None] = {}
        for mapping in _mappings(declarations):
            self._declare(mapping)

    def _declare(self, mapping: Mapping[str, Json]) -> None:
        """Take over what one context object declares; what is no IRI declares nothing."""
        default = mapping.get("@vocab")
        if isinstance(default, str) and default:
            self.default = default
        for name, value in mapping.items():
            target = value.get("@id") if isinstance(value, dict) else value
            if isinstance(target, str) and target and not name.startswith("@"):
                self.terms[name] = self.expanded(target)

    def expanded(self, text: str) -> str:
        """The full URI of a CURIE with a declared prefix; any other text unchanged."""
        prefix, colon, local = text.partition(":")
        if not colon or local.startswith("//"):
            return text
        namespace = self.terms.get(prefix)
        return text if namespace is None else namespace + local

    def name(self, member: str) -> tuple[str, str]:
        """A member's (namespace, local name); the namespace is empty where nothing declares it."""
        known = self._names.get(member)
        if known is None:
            if len(self._names) >= _MOST_NAMES:
                self._names.clear()
            known = self._names[member] = self._name(member)
        return known

    def label(self, member: str) -> str | None:
        """A member as the event hash names it: `{namespace}local`, as written where nothing declares the namespace,
        None for a remark for people."""
        try:
            return self._labels[member]
        except KeyError:
            if len(self._labels) >= _MOST_NAMES:
                self._labels.clear()
            namespace, local = self.name(member)
            written = f"{{{namespace}}}{local}" if namespace else member
            return self._labels.setdefault(member, None if (namespace, local) == _COMMENT else written)

    def _name(self, member: str) -> tuple[str, str]:
        """Split a member into namespace and local name."""
        prefix, colon, local = member.partition(":")
        if not colon:
            target = self.terms.get(member)
            if target is not None:
                return split_uri(target)
            return (self.default, member) if self.default else ("", member)
        namespace = self.terms.get(prefix)
        if namespace is not None and not local.startswith("//"):
            return namespace, local
        return split_uri(member) if "/" in member or "#" in member else ("", member)


def _mappings(declarations: Iterable[Json]) -> Iterable[Mapping[str, Json]]:
    """The context objects among values of `@context`, in order; references by URL are not followed."""
    for declaration in declarations:
        for item in declaration if isinstance(declaration, list) else [declaration]:
            if isinstance(item, dict):
                yield item


def split_uri(uri: str) -> tuple[str, str]:
    """Namespace and local name of a URI: the local name is what follows the last `#`, `/` or `:`."""
    cut = max(uri.rfind("#"), uri.rfind("/"), uri.rfind(":")) + 1
    return uri[:cut], uri[cut:]


def is_uri(text: str) -> bool:
    """Whether a text has the form of an absolute URI: a scheme, then something, no blanks."""
    return _URI.fullmatch(text) is not None


STANDARD = Context()
