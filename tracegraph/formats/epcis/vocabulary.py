"""The words of the Core Business Vocabulary 2.0, and the forms in which files write them.

A word comes bare (`shipping`), as CURIE (`cbv:BizStep-shipping`), URN (`urn:epcglobal:cbv:bizstep:shipping`) or web URI
(`https://ref.gs1.org/cbv/BizStep-shipping`). Inside tracegraph it is bare; a private URI stays what it is.
Source: CBV 2.0 section 7 (identifiers of vocabulary elements), EPCIS 2.0 section 10 (JSON binding).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

CBV_URI = "https://ref.gs1.org/cbv/"
EPCIS_URI = "https://ref.gs1.org/epcis/"
WEB_VOCABULARY_URI = "https://gs1.org/voc/"
_CBV_URN = "urn:epcglobal:cbv:"

EVENT_TYPES = frozenset(
    {"AggregationEvent", "AssociationEvent", "ObjectEvent", "TransactionEvent", "TransformationEvent"}
)
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """One vocabulary: what to call it, its web URI without the word, its URN without the word, and its words (empty:
    any bare word is one, such as the sensor types of the GS1 web vocabulary)."""

    name: str
    uri: str
    urn: str
    words: frozenset[str] = frozenset()

    def knows(self, word: str) -> bool:
        """Whether the word belongs to the vocabulary."""
        return word in self.words if self.words else bool(word) and ":" not in word


def _words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


BIZ_STEPS = Vocabulary(
    "bizStep",
    CBV_URI + "BizStep-",
    _CBV_URN + "bizstep:",
    _words(
        """accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
        decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
        installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
        retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
        unloading unpacking void_shipping"""
    ),
)

DISPOSITIONS = Vocabulary(
    "disposition",
    CBV_URI + "Disp-",
    _CBV_URN + "disp:",
    _words(
        """active available completeness_inferred completeness_verified conformant container_closed container_open
        damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class
        mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other
        partially_dispensed recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen
        unavailable unknown"""
    ),
)

BIZ_TRANSACTIONS = Vocabulary(
    "business transaction type",
    CBV_URI + "BTT-",
    _CBV_URN + "btt:",
    _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt"),
)

SOURCES_AND_DESTINATIONS = Vocabulary(
    "source or destination type",
    CBV_URI + "SDT-",
    _CBV_URN + "sdt:",
    _words("location owning_party possessing_party"),
)

ERROR_REASONS = Vocabulary("error reason", CBV_URI + "ER-", _CBV_URN + "er:", _words("did_not_occur incorrect_data"))

COMPONENTS = Vocabulary("sensor component", CBV_URI + "Comp-", _CBV_URN + "comp:")
SENSOR_TYPES = Vocabulary("sensor type", WEB_VOCABULARY_URI, "gs1:")
TYPES = Vocabulary("event type", EPCIS_URI, "urn:epcglobal:epcis:", EVENT_TYPES)

_GS1_SITE = re.compile(r"https?://(?:www\.)?(?:ref\.|ns\.)?gs1\.org/")


@lru_cache(maxsize=4096)
def bare_word(text: str, vocabulary: Vocabulary) -> str | None:
    """The word that a full URI or URN names within this vocabulary, known or not; None for every other text."""
    if text.startswith(vocabulary.urn):
        return text[len(vocabulary.urn) :]
    site = _GS1_SITE.match(text)
    path = _GS1_SITE.sub("", vocabulary.uri)
    if site is None or not text.startswith(path, site.end()):
        return None
    return text[site.end() + len(path) :]
