"""The rows of custody-graph.md, sections 2 to 8, that EPCIS can express, and how often a run met each of them."""

from __future__ import annotations

from collections import Counter

_TEXT = """
2 duplicate | the same event twice
2 copy_without_id | a copy without eventID
2 repeated_content | the same content under two eventIDs
2 conflicting_id | one eventID, two contents
2 retracted | an error declaration, equal in eventID and content
2 retracted_before | an error declaration that arrives before its event
2 retracted_by_id | an error declaration with the eventID only
2 retracted_by_content | an error declaration without eventID
2 retraction_alone | an error declaration of nothing
2 no_zone | a time without zone
2 tie_in_event | outflow and inflow of one unit in one event
2 tie_instant | births, packing, shipping, receipt and use at one instant
2 tie_inflow_of_day | an inflow with a time of day that an outflow of the same instant does not need
2 tie_circular | events of one instant that need each other
2 tie_date | births, packing, shipping, receipts and use on one date
2 tie_date_inflow | an inflow that an outflow of the same date does not need
3 item_opaque | an item by an opaque id
3 item_sgtin | an item by SGTIN
3 item_digital_link | an item by a Digital Link of another domain
3 item_sscc | an item by SSCC
3 item_grai | an item by GRAI
3 lot_opaque | a lot by an opaque id
3 lot_lgtin | a lot by LGTIN
3 lot_digital_link | a lot by Digital Link
3 no_lot_number | a bare GTIN
3 conflicting_kind | an opaque id as item and as class
3 member_ilmd | a member by ilmd lotNumber
3 member_ai | a member by AI 10 beside 21
3 member_master_data | a member by master data
3 start_lot_members | a start at a lot with members
3 start_product | a start at a product
3 item_at_two_places | one item recorded at two places
3 sampling_item | sampling an item
3 second_birth_item | a second birth of an item that is held elsewhere
3 second_birth_lot | a second birth of a lot that is held elsewhere
3 alias_ilmd | an alias by ilmd
3 alias_master_data | an alias by master data
3 relabel | a part of a lot under a new number
4 site | goods at a site
4 party | goods at a party whose site is not known
4 in_transit | goods in transit
4 inside | goods inside a container
4 unknown_place | a birth without any place
4 sink | goods that ended
4 extended_sgln | a readPoint with an SGLN extension
4 geo | a geo: readPoint
4 dock_by_master_data | a dock that master data put at a site
4 dock_by_biz_location | a dock that bizLocation puts at a site
4 master_data_late | master data that arrive after their events
4 leaves_source | goods leave the source location
4 leaves_read_point | goods leave the readPoint, the source does not hold them
4 leaves_biz_location | goods leave the bizLocation, the readPoint does not hold them
4 leaves_unsaid | an outflow without a place, goods at one
4 leaves_unsaid_several | an outflow without a place, goods at several
4 owner_and_possessor | owning_party and possessing_party beside the location
4 destination_party | a destination that is only a party
4 destination_ancestor | a destination that is an ancestor of the receiving site
4 pack_no_place | packing without a place
4 unpack_no_place | unpacking without a place
4 unpack_in_transit | unpacking in transit without a place
4 parent_sighted | observing a parent where no record put it
5 transformation | a TransformationEvent
5 grouped | several TransformationEvents of one transformationID
5 grouped_two_sites | a transformationID used at two sites
5 grouped_late_input | an input later than an output of its group
5 association | an AssociationEvent
5 shipping | shipping
5 departing | departing
5 consigning | consigning
5 staging | staging_outbound and loading
5 ship_transaction | a TransactionEvent with a shipping step
5 ship_add_unseen | ADD with shipping of a unit never seen
5 aggregation_ship_add | AggregationEvent ADD with a shipping step
5 aggregation_ship_delete | AggregationEvent DELETE with a shipping step
5 aggregation_ship_observe | AggregationEvent OBSERVE with a shipping step
5 receiving | receiving
5 arriving | arriving
5 accepting | accepting
5 receive_add_unseen | ADD with receiving of a unit never seen
5 void_document | void_shipping of a document
5 void_one | void_shipping without document, one shipment open
5 void_several | void_shipping without document, several open
5 void_after_receipt | void_shipping after the receipt
5 same_load_departing | departing after shipping
5 same_load_accepting | accepting after arriving
5 same_load_transaction | a TransactionEvent that repeats an ObjectEvent
5 not_the_same_load | another step, but another document or a greater quantity: two loads
5 birth_commissioning | ADD with commissioning
5 birth_creating | ADD with creating_class_instance
5 delete | ObjectEvent DELETE
5 destroying | destroying
5 decommissioning | decommissioning
5 killing | killing
5 retail_selling | retail_selling
5 dispensing | dispensing
5 sampling_lot | sampling a lot
5 returned | sold, and received again
5 pack | packing
5 unpack_named | unpacking of named children
5 unpack_all | unpacking without children
5 observe | an OBSERVE without flow
5 transaction | a TransactionEvent without flow
6 one | same document, one shipment
6 several | same document, several could fit
6 all_needed | same document, the quantity needs them all
6 missing_type | a document whose type one side leaves out
6 clock | a receipt stamped before its shipment, within the tolerance
6 clock_beyond | a receipt stamped before its shipment, beyond the tolerance
6 no_document | no document on either side, one candidate
6 ambiguous | no document, several candidates
6 other_document | a lone candidate with another document
6 other_destination | a lone candidate with another destination
6 other_document_beaten | a candidate with another document beside one without conflict
6 too_much | a receipt above what its candidates hold
6 contents_received | a receipt that names the contents of a container in transit
6 container_stands | a receipt that names the contents of a container that already stands there
6 unmatched_held | a receipt of a unit that another place still holds
6 unmatched_held_before | a receipt of a unit that is recorded nowhere any more
6 unmatched_sold | a receipt of a unit that was only sold
6 unknown_origin | a receipt of a unit never seen
6 partial | a partial receipt
6 rest_lost | a partial receipt whose rest never arrives
6 no_quantity | a receipt without quantity
6 never_received | a shipment never received, with a destination
6 never_received_anywhere | a shipment never received, without a destination
6 again | received again by the same document
7 reused | a tote with another load
7 nested | a container in a container
7 nested_in_turns | two totes, each of which holds the other at some time
7 delete_all_nested | emptying a parent whose nested containers stay packed
7 repacked_same_instant | emptied and packed at one instant
7 elsewhere | unpacked elsewhere than the container is known to be
7 never_unpacked | packed again without a recorded unpacking
7 part_unpacked | a part of a content unpacked
7 implied_there | a packed unit consumed where its container stands
7 implied_elsewhere | a packed unit consumed where its container does not stand
7 exception_seen | a packed unit seen at its container's place
7 exception_both | an event that names a unit and its container
7 exception_loose | loose stock of a packed lot is used
7 container_consumed | a container consumed with its contents
7 container_destroyed | a container destroyed with its contents
7 container_sold | a container sold with its contents
7 start_container | a start that is a container
8 implied_open | use where an open shipment has not been received
8 implied_held | use where no record moved the goods
8 implied_sight | seen where no record moved the goods
8 born_late | a unit that moves before its birth is stamped
8 overdraft | more taken than was recorded there
"""


def _rows(text: str) -> dict[str, str]:
    parts = (line.partition("|") for line in text.strip().splitlines())
    return {row.strip(): meaning.strip() for row, _, meaning in parts}


ROWS: dict[str, str] = _rows(_TEXT)


class Coverage:
    """How often each row occurred."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()

    def met(self, row: str, times: int = 1) -> None:
        if row not in ROWS:
            raise KeyError(f"no such row: {row}")
        self.count[row] += times

    def add(self, other: Coverage) -> None:
        self.count.update(other.count)

    def never(self) -> list[str]:
        return [row for row in ROWS if not self.count[row]]

    def table(self) -> str:
        """One line per row: how often, its name, what it is."""
        return "\n".join(f"{self.count[row]:7d}  {row:28s} {text}" for row, text in ROWS.items())
