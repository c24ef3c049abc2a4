"""The parsed EPCIS event: every field of the five event types, so that the event can be written again from it alone.

Source: EPCIS 2.0 section 7.4 and its JSON binding; names of attributes follow the standard's, in snake case. Values
that a person may want to compare keep two forms: the text as written, which is written again, and the canonical value,
which everything else uses. A field that is absent is None, an empty list is an empty tuple. JSON numbers are Decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

#: A JSON value: None, bool, Decimal, str, list or dict.
Json = Any


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with which an event is stored nevertheless. `pointer` (RFC 6901) is relative to the event; `message`
    says in one sentence what is wrong and what tracegraph made of it."""

    code: str
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Term:
    """A value of a vocabulary: as written, and as a bare CBV word (`shipping`) or else the full URI."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of a unit, place, party or document: as written, and its canonical key."""

    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: as written, and as microseconds since 1970-01-01T00:00Z (None: the text is no time)."""

    text: str
    instant: int | None


@dataclass(frozen=True, slots=True)
class Location:
    """A read point or business location. `extensions` are its other members, as written."""

    id: Identifier | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuantityElement:
    """So much of one class. `quantity` None: not known, or no sane number; `uom` None: a count of pieces."""

    epc_class: Identifier | None = None
    quantity: Decimal | None = None
    uom: str | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BizTransaction:
    """A business document that the event belongs to."""

    type: Term | None = None
    biz_transaction: Identifier | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where goods come from: a location, or an owning or possessing party (CBV source/destination types)."""

    type: Term | None = None
    source: Identifier | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where goods go, or are intended to go: a location, or an owning or possessing party."""

    type: Term | None = None
    destination: Identifier | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersistentDisposition:
    """States that hold until they are unset."""

    set: tuple[Term, ...] | None = None
    unset: tuple[Term, ...] | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """The event that carries it retracts the event equal to it in everything else."""

    declaration_time: Moment | None = None
    reason: Term | None = None
    corrective_event_ids: tuple[str, ...] | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SensorMetadata:
    """Under which circumstances a sensor was read."""

    time: Moment | None = None
    start_time: Moment | None = None
    end_time: Moment | None = None
    device_id: Identifier | None = None
    device_metadata: Identifier | None = None
    raw_data: Identifier | None = None
    data_processing_method: Identifier | None = None
    biz_rules: Identifier | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SensorReport:
    """One observed property, in the units that `uom` names."""

    type: Term | None = None
    exception: Term | None = None
    device_id: Identifier | None = None
    device_metadata: Identifier | None = None
    raw_data: Identifier | None = None
    data_processing_method: Identifier | None = None
    time: Moment | None = None
    microorganism: Identifier | None = None
    chemical_substance: Identifier | None = None
    value: Decimal | None = None
    component: Term | None = None
    string_value: str | None = None
    boolean_value: bool | None = None
    hex_binary_value: str | None = None
    uri_value: Identifier | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    mean_value: Decimal | None = None
    s_dev: Decimal | None = None
    perc_rank: Decimal | None = None
    perc_value: Decimal | None = None
    uom: str | None = None
    coordinate_reference_system: Identifier | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SensorElement:
    """Sensor reports that share their metadata."""

    sensor_metadata: SensorMetadata | None = None
    sensor_report: tuple[SensorReport, ...] | None = None
    extensions: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One EPCIS event of any type.

    `document_context` are the JSON-LD contexts of the document it came in, `context` its own (both as written).
    `extensions` are members that EPCIS does not define. `unread` holds, by member name, the original of members of
    which something could not be understood; the typed attribute then holds what could. `certification_info_listed`
    tells whether the certification came as a list.
    """

    type: Term
    event_time: Moment
    event_time_zone_offset: str | None = None
    record_time: Moment | None = None
    event_id: str | None = None
    certification_info: tuple[str, ...] | None = None
    certification_info_listed: bool = False
    error_declaration: ErrorDeclaration | None = None
    parent_id: Identifier | None = None
    epc_list: tuple[Identifier, ...] | None = None
    child_epcs: tuple[Identifier, ...] | None = None
    input_epc_list: tuple[Identifier, ...] | None = None
    output_epc_list: tuple[Identifier, ...] | None = None
    quantity_list: tuple[QuantityElement, ...] | None = None
    child_quantity_list: tuple[QuantityElement, ...] | None = None
    input_quantity_list: tuple[QuantityElement, ...] | None = None
    output_quantity_list: tuple[QuantityElement, ...] | None = None
    action: str | None = None
    transformation_id: Identifier | None = None
    biz_step: Term | None = None
    disposition: Term | None = None
    persistent_disposition: PersistentDisposition | None = None
    read_point: Location | None = None
    biz_location: Location | None = None
    biz_transaction_list: tuple[BizTransaction, ...] | None = None
    source_list: tuple[Source, ...] | None = None
    destination_list: tuple[Destination, ...] | None = None
    sensor_element_list: tuple[SensorElement, ...] | None = None
    ilmd: Mapping[str, Json] | None = None
    context: Json = None
    extensions: Mapping[str, Json] = field(default_factory=dict)
    unread: Mapping[str, Json] = field(default_factory=dict)
    document_context: tuple[Json, ...] = ()
    findings: tuple[Finding, ...] = ()
