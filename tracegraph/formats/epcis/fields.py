"""The members of EPCIS events as data: one table per object, used to read and to write it.

Source: EPCIS 2.0 section 7.4 (the model) and the JSON binding (the names).
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from tracegraph.formats.epcis import vocabulary
from tracegraph.formats.epcis.vocabulary import Vocabulary
from tracegraph.model import event as model


class Kind(Enum):
    """What a member holds. A name that ends in LIST is an array of the thing before it."""

    TEXT = "text"
    URI = "URI"
    NUMBER = "number"
    QUANTITY = "quantity"
    BOOLEAN = "boolean"
    TIME = "time"
    TERM = "term"
    UNIT = "identifier"
    PLACE = "place"
    UNIT_LIST = "list of identifiers"
    TERM_LIST = "list of terms"
    URI_LIST = "list of URIs"
    OBJECT = "object"
    OBJECT_LIST = "list of objects"
    OPEN_OBJECT = "object of extensions"
    ACTION = "action"
    CERTIFICATION = "URI or list of URIs"


class Member(NamedTuple):
    """One member of a JSON object: its attribute in the model, what it holds, and of which vocabulary or shape."""

    attribute: str
    kind: Kind
    words: Vocabulary | None = None
    shape: Shape | None = None


class Shape(NamedTuple):
    """One JSON object: the class of its model, its members by JSON name, which are required, and whether it may have
    further members (with a namespace)."""

    model: type
    members: dict[str, Member]
    required: tuple[str, ...] = ()
    open: bool = True


def _term(attribute: str, words: Vocabulary) -> Member:
    """A member that holds a word of a vocabulary."""
    return Member(attribute, Kind.TERM, words)


_LOCATION = Shape(model.Location, {"id": Member("id", Kind.PLACE)}, ("id",))

_QUANTITY = Shape(
    model.QuantityElement,
    {
        "epcClass": Member("epc_class", Kind.UNIT),
        "quantity": Member("quantity", Kind.QUANTITY),
        "uom": Member("uom", Kind.TEXT),
    },
    ("epcClass",),
    open=False,
)

_BIZ_TRANSACTION = Shape(
    model.BizTransaction,
    {
        "type": _term("type", vocabulary.BIZ_TRANSACTIONS),
        "bizTransaction": Member("biz_transaction", Kind.UNIT),
    },
    ("bizTransaction",),
    open=False,
)

_SOURCE = Shape(
    model.Source,
    {"type": _term("type", vocabulary.SOURCES_AND_DESTINATIONS), "source": Member("source", Kind.PLACE)},
    ("type", "source"),
    open=False,
)

_DESTINATION = Shape(
    model.Destination,
    {"type": _term("type", vocabulary.SOURCES_AND_DESTINATIONS), "destination": Member("destination", Kind.PLACE)},
    ("type", "destination"),
    open=False,
)

_PERSISTENT_DISPOSITION = Shape(
    model.PersistentDisposition,
    {
        "set": Member("set", Kind.TERM_LIST, vocabulary.DISPOSITIONS),
        "unset": Member("unset", Kind.TERM_LIST, vocabulary.DISPOSITIONS),
    },
    open=False,
)

_ERROR_DECLARATION = Shape(
    model.ErrorDeclaration,
    {
        "declarationTime": Member("declaration_time", Kind.TIME),
        "reason": _term("reason", vocabulary.ERROR_REASONS),
        "correctiveEventIDs": Member("corrective_event_ids", Kind.URI_LIST),
    },
    ("declarationTime",),
)

_SENSOR_METADATA = Shape(
    model.SensorMetadata,
    {
        "time": Member("time", Kind.TIME),
        "startTime": Member("start_time", Kind.TIME),
        "endTime": Member("end_time", Kind.TIME),
        "deviceID": Member("device_id", Kind.UNIT),
        "deviceMetadata": Member("device_metadata", Kind.UNIT),
        "rawData": Member("raw_data", Kind.UNIT),
        "dataProcessingMethod": Member("data_processing_method", Kind.UNIT),
        "bizRules": Member("biz_rules", Kind.UNIT),
    },
)

_SENSOR_REPORT = Shape(
    model.SensorReport,
    {
        "type": _term("type", vocabulary.SENSOR_TYPES),
        "exception": _term("exception", vocabulary.SENSOR_TYPES),
        "deviceID": Member("device_id", Kind.UNIT),
        "deviceMetadata": Member("device_metadata", Kind.UNIT),
        "rawData": Member("raw_data", Kind.UNIT),
        "dataProcessingMethod": Member("data_processing_method", Kind.UNIT),
        "time": Member("time", Kind.TIME),
        "microorganism": Member("microorganism", Kind.UNIT),
        "chemicalSubstance": Member("chemical_substance", Kind.UNIT),
        "value": Member("value", Kind.NUMBER),
        "component": _term("component", vocabulary.COMPONENTS),
        "stringValue": Member("string_value", Kind.TEXT),
        "booleanValue": Member("boolean_value", Kind.BOOLEAN),
        "hexBinaryValue": Member("hex_binary_value", Kind.TEXT),
        "uriValue": Member("uri_value", Kind.UNIT),
        "minValue": Member("min_value", Kind.NUMBER),
        "maxValue": Member("max_value", Kind.NUMBER),
        "meanValue": Member("mean_value", Kind.NUMBER),
        "sDev": Member("s_dev", Kind.NUMBER),
        "percRank": Member("perc_rank", Kind.NUMBER),
        "percValue": Member("perc_value", Kind.NUMBER),
        "uom": Member("uom", Kind.TEXT),
        "coordinateReferenceSystem": Member("coordinate_reference_system", Kind.UNIT),
    },
    ("type",),
)

_SENSOR_ELEMENT = Shape(
    model.SensorElement,
    {
        "sensorMetadata": Member("sensor_metadata", Kind.OBJECT, shape=_SENSOR_METADATA),
        "sensorReport": Member("sensor_report", Kind.OBJECT_LIST, shape=_SENSOR_REPORT),
    },
    ("sensorReport",),
)

EVENT = Shape(
    model.Event,
    {
        "type": _term("type", vocabulary.TYPES),
        "eventTime": Member("event_time", Kind.TIME),
        "eventTimeZoneOffset": Member("event_time_zone_offset", Kind.TEXT),
        "recordTime": Member("record_time", Kind.TIME),
        "eventID": Member("event_id", Kind.URI),
        "certificationInfo": Member("certification_info", Kind.CERTIFICATION),
        "errorDeclaration": Member("error_declaration", Kind.OBJECT, shape=_ERROR_DECLARATION),
        "parentID": Member("parent_id", Kind.UNIT),
        "epcList": Member("epc_list", Kind.UNIT_LIST),
        "childEPCs": Member("child_epcs", Kind.UNIT_LIST),
        "inputEPCList": Member("input_epc_list", Kind.UNIT_LIST),
        "outputEPCList": Member("output_epc_list", Kind.UNIT_LIST),
        "quantityList": Member("quantity_list", Kind.OBJECT_LIST, shape=_QUANTITY),
        "childQuantityList": Member("child_quantity_list", Kind.OBJECT_LIST, shape=_QUANTITY),
        "inputQuantityList": Member("input_quantity_list", Kind.OBJECT_LIST, shape=_QUANTITY),
        "outputQuantityList": Member("output_quantity_list", Kind.OBJECT_LIST, shape=_QUANTITY),
        "action": Member("action", Kind.ACTION),
        "transformationID": Member("transformation_id", Kind.UNIT),
        "bizStep": _term("biz_step", vocabulary.BIZ_STEPS),
        "disposition": _term("disposition", vocabulary.DISPOSITIONS),
        "persistentDisposition": Member("persistent_disposition", Kind.OBJECT, shape=_PERSISTENT_DISPOSITION),
        "readPoint": Member("read_point", Kind.OBJECT, shape=_LOCATION),
        "bizLocation": Member("biz_location", Kind.OBJECT, shape=_LOCATION),
        "bizTransactionList": Member("biz_transaction_list", Kind.OBJECT_LIST, shape=_BIZ_TRANSACTION),
        "sourceList": Member("source_list", Kind.OBJECT_LIST, shape=_SOURCE),
        "destinationList": Member("destination_list", Kind.OBJECT_LIST, shape=_DESTINATION),
        "sensorElementList": Member("sensor_element_list", Kind.OBJECT_LIST, shape=_SENSOR_ELEMENT),
        "ilmd": Member("ilmd", Kind.OPEN_OBJECT),
    },
)


def shape_of(*names: str) -> Shape:
    """The shape of an object within an event, by the names of the members that lead to it."""
    shape = EVENT
    for name in names:
        inner = shape.members[name].shape
        assert inner is not None
        shape = inner
    return shape


_ANY_TYPE = frozenset(
    [
        "type",
        "eventTime",
        "eventTimeZoneOffset",
        "recordTime",
        "eventID",
        "certificationInfo",
        "errorDeclaration",
        "bizStep",
        "disposition",
        "readPoint",
        "bizLocation",
        "bizTransactionList",
        "sourceList",
        "destinationList",
        "sensorElementList",
    ]
)

#: Which members an event of each type may have (aggregations leniently a persistent disposition, as CBV describes).
MEMBERS_OF_TYPE = {
    "ObjectEvent": _ANY_TYPE | {"action", "epcList", "quantityList", "ilmd", "persistentDisposition"},
    "AggregationEvent": _ANY_TYPE | {"action", "parentID", "childEPCs", "childQuantityList", "persistentDisposition"},
    "AssociationEvent": _ANY_TYPE | {"action", "parentID", "childEPCs", "childQuantityList"},
    "TransactionEvent": _ANY_TYPE | {"action", "parentID", "epcList", "quantityList"},
    "TransformationEvent": _ANY_TYPE
    | {
        "transformationID",
        "inputEPCList",
        "inputQuantityList",
        "outputEPCList",
        "outputQuantityList",
        "ilmd",
        "persistentDisposition",
    },
}
