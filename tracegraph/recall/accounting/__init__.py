"""The account of a recall case: what is in question and where it is, what consignees replied, the percentages.

Source: 21 CFR 7.53 and 107.240; docs/adr/011-balance.md for how goods are counted.
"""

from tracegraph.recall.accounting.answering import Accounting, Parties, accounting, snapshot_of
from tracegraph.recall.accounting.consigned import case_account, parties_of
from tracegraph.recall.accounting.disposals import Disposal, disposals, told
from tracegraph.recall.accounting.figures import figures, notices, notified, status_payload
from tracegraph.recall.accounting.holders import Names
from tracegraph.recall.accounting.ledger import Delivery
from tracegraph.recall.accounting.reading import ReplyTable, StatedReply, read_replies, reply_table, reply_template
from tracegraph.recall.accounting.replies import Reply, Standing, replies, standing
from tracegraph.recall.accounting.tolerances import Tolerance, tolerance
from tracegraph.recall.accounting.written import accounting_json

__all__ = [
    "Accounting",
    "Delivery",
    "Disposal",
    "Names",
    "Parties",
    "Reply",
    "ReplyTable",
    "Standing",
    "StatedReply",
    "Tolerance",
    "accounting",
    "accounting_json",
    "case_account",
    "disposals",
    "figures",
    "notices",
    "notified",
    "parties_of",
    "read_replies",
    "replies",
    "reply_table",
    "reply_template",
    "snapshot_of",
    "standing",
    "status_payload",
    "told",
    "tolerance",
]
