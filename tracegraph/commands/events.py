"""`tracegraph events`: which events answer a query of EPCIS 2.0."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracegraph.commands.options import AsOf, FormOption
from tracegraph.commands.output import Form, allowed, note, write_pieces
from tracegraph.commands.session import Session, session_of
from tracegraph.errors import InputError, UsageError

if TYPE_CHECKING:
    from tracegraph.commands.screen import Screen
    from tracegraph.query import FoundEvent, Query
    from tracegraph.stores.port import Reading

FORMS = (Form.TABLE, Form.JSON, Form.NDJSON)
#: Units that a row of the table names.
MOST_UNITS = 3
STDIN = "-"

Json = dict[str, Any]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("events")(events)


def events(
    context: typer.Context,
    parameters: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...")] = None,
    body: Annotated[Path | None, typer.Option("--query", metavar="FILE")] = None,
    prefixes: Annotated[list[str] | None, typer.Option("--prefix", metavar="PREFIX=NAMESPACE")] = None,
    as_of: AsOf = None,
    form: FormOption = Form.TABLE,
) -> None:
    """All events that answer, or a page of them."""
    from tracegraph.model.instants import known_until
    from tracegraph.query import find, find_page

    allowed(form, FORMS, "events")
    known = known_until(as_of)
    query, is_page = _asked(parameters or [], body, prefixes or [])
    session = session_of(context)
    with session.opened() as store:
        if not is_page:
            _write(find(store, query, as_of=known), None, form, session, store)
            return
        page = find_page(store, query, as_of=known)
        _write(iter(page.events), page.next_page_token, form, session, store)


def _asked(parameters: list[str], body: Path | None, prefixes: list[str]) -> tuple[Query, bool]:
    """The query, and whether it asks for a page."""
    from tracegraph.query import read_body, read_url

    context = dict(_pair(text, "--prefix", "ex=https://example.com/ns#") for text in prefixes)
    if body is None:
        pairs = [_pair(text, "a parameter", "EQ_bizStep=shipping") for text in parameters]
        return read_url(pairs, context), _asks_for_a_page(name for name, _ in pairs)
    if parameters:
        raise UsageError(f"{parameters[0][:100]!r} is given beside --query; write it into that file, or leave one out")
    read = _read_json(body)
    return read_body(read, context), _asks_for_a_page(read)


def _asks_for_a_page(names: Iterable[str]) -> bool:
    return not {"perPage", "nextPageToken"}.isdisjoint(names)


def _pair(text: str, what: str, example: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"{text[:100]!r} is not {what} with its value; write it as in {example}")
    return name, value


def _read_json(path: Path) -> Json:
    """A JSON object from a file or stdin, numbers to the letter."""
    from decimal import Decimal

    from tracegraph.errors import QueryInvalid

    try:
        data = sys.stdin.buffer.read() if str(path) == STDIN else path.read_bytes()
        read = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    except OSError as error:
        raise InputError(f"the query {path} cannot be read: {error.strerror}; name a file with a JSON query") from None
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise QueryInvalid(f"the query {path} is no JSON ({error}); give a file with a JSON object") from None
    if not isinstance(read, dict):
        raise QueryInvalid(f"the query {path} is no JSON object; write one with one member for each parameter")
    return read


def _write(found: Iterator[FoundEvent], following: str | None, form: Form, session: Session, store: Reading) -> None:
    """The events in one of the forms; where there are more, how to ask for them."""
    match form:
        case Form.JSON:
            write_pieces(_json_pieces(found, following))
        case Form.NDJSON:
            write_pieces(_text(one) + b"\n" for one in found)
        case _:
            _table(found, session, store)
    if following is not None and form is not Form.JSON:
        note(session.say("next_page", token=following))


def _json_pieces(found: Iterator[FoundEvent], following: str | None) -> Iterator[bytes]:
    separator = b""
    yield b'{"events":['
    for one in found:
        yield separator + _text(one)
        separator = b","
    yield b'],"next_page_token":' + json.dumps(following).encode() + b"}"


def _text(found: FoundEvent) -> bytes:
    """One event with what is known about its recording, numbers to the letter."""
    from tracegraph.formats.epcis.json_text import json_text
    from tracegraph.model.instants import instant_text

    told = {
        "id": found.content_hash,
        "position": found.position,
        "recorded_at": instant_text(found.recorded_at),
        "conflicting_event_id": found.conflicting,
        "event": found.as_json(),
    }
    return json_text(told).encode("utf-8", "surrogatepass")


def _table(found: Iterator[FoundEvent], session: Session, store: Reading) -> None:
    """One row for each event, as many as a table for people may have."""
    from tracegraph.commands.screen import Screen

    head = store.head()
    screen = Screen(session, store, {"as_of": {"ledger": {"count": head.count}}})
    rows = list(islice(found, session.rows or None))
    more = next(found, None) is not None
    screen.print(
        screen.word("first_events", count=len(rows)) if more else session.counted("found_events", len(rows)), "bold"
    )
    columns = ("time_utc", "event_type", "action", "step", "place", "units", "event")
    screen.table(columns, (_row(one, screen) for one in rows), len(rows))
    if more:
        screen.print(screen.word("more_events"), "italic")


def _row(found: FoundEvent, screen: Screen) -> list[str]:
    from tracegraph.commands.screen import moment
    from tracegraph.model.instants import optional_text
    from tracegraph.query.units import MATCHED

    event = found.event
    place = event.biz_location or event.read_point
    units = list(dict.fromkeys((*MATCHED["MATCH_anyEPC"](event), *MATCHED["MATCH_anyEPCClass"](event))))
    shown = [
        *units[:MOST_UNITS],
        *([screen.word("other", count=len(units) - MOST_UNITS)] if len(units) > MOST_UNITS else []),
    ]
    return [
        moment(optional_text(event.event_time.instant)),
        event.type.value,
        event.action or "",
        event.biz_step.value if event.biz_step else "",
        screen.named(place.id.key) if place and place.id else "",
        ", ".join(shown),
        event.event_id or found.content_hash,
    ]
