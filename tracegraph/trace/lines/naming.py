"""Which site and which line are meant by what a person writes."""

from __future__ import annotations

import re
from itertools import islice

from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.identifiers import location
from tracegraph.trace.lines.recorded import Recorded
from tracegraph.trace.resolve import found_site, known_site

#: A site's name has at most so many words.
MOST_WORDS = 16


def site_of(text: str, recorded: Recorded) -> str:
    """The site of that name: one that events or master data know, or one that records of lines alone name."""
    return _found(text, recorded) or known_site(text, recorded.snapshot)


def line_of(text: str, recorded: Recorded) -> tuple[str, str]:
    """The site and the line of `SITE LINE`. Both may have several words: the fewest that name a known site are it.
    Raises UsageError where no line is named, UnknownIdentifier where the site is not known."""
    blanks = islice(re.finditer(r"\s+", text), MOST_WORDS)
    parts = [(text[: blank.start()], text[blank.end() :]) for blank in blanks]
    if not parts:
        raise UsageError(f"line {text!r} names no line of a site; write both, such as line:9521234567897 L1")
    for place, line in parts:
        site = _found(place, recorded)
        if site is not None:
            return site, line
    return known_site(parts[0][0], recorded.snapshot), parts[0][1]


def known_line(site: str, line: str, recorded: Recorded) -> None:
    """Raises UnknownIdentifier where nothing that is recorded of the site names the line."""
    lines = recorded.lines(site)
    if line not in lines:
        known = f"known there are {', '.join(lines[:5])}" if lines else "no line of it is known"
        raise UnknownIdentifier(f"line {line!r} of site {site!r} is unknown; {known}", line, tuple(lines[:5]))


def _found(text: str, recorded: Recorded) -> str | None:
    site = found_site(text, recorded.snapshot)
    if site is None and recorded.names_site(location(text)):
        return location(text)
    return site
