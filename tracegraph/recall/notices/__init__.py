"""Notices: what each consignee is told, how each notice stands, and what is to be done about it."""

from tracegraph.recall.notices.following import Standing, State, Task, standings, worklist
from tracegraph.recall.notices.form import reply_form
from tracegraph.recall.notices.notice import Notice, Status
from tracegraph.recall.notices.preparing import notices_of, notices_payload, to_prepare

__all__ = [
    "Notice",
    "Standing",
    "State",
    "Status",
    "Task",
    "notices_of",
    "notices_payload",
    "reply_form",
    "standings",
    "to_prepare",
    "worklist",
]
