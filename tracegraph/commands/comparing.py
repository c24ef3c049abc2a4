"""What changed from one answer to another, printed; the questions are asked by the commands that take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracegraph.commands.output import PLAIN_FORMS, Form, allowed, write
from tracegraph.commands.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracegraph.stores.port import Reading


def print_difference(session: Session, store: Reading, answers: Iterator[dict[str, Any]], form: Form) -> None:
    """Make the two answers, the earlier one first, compare them, and print what is different, and why."""
    from tracegraph.commands.scope_view import show_difference
    from tracegraph.recall.scope import compare
    from tracegraph.trace.envelope import to_json

    allowed(form, PLAIN_FORMS, "a comparison")
    before, after = answers
    changed = compare(store, before, after)
    if form is Form.JSON:
        write(to_json(changed))
    else:
        show_difference(changed, after, session, store)
