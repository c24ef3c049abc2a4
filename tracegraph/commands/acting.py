"""`--as USER`: where the store has users, whoever says to be one proves it with a key, and may do and know as much.

Without `--as` the commands are for whoever may read the store's file, who needs no key.
"""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracegraph.commands.session import Session
from tracegraph.errors import Refused

if TYPE_CHECKING:
    from tracegraph.access.caller import Caller

#: The environment variable that holds the key.
KEY = "TRACEGRAPH_API_KEY"

ADMINISTER = "administer"
#: What each command does, in the words of the rights; one that does more in places asks there (Session.allow).
OPERATIONS = {
    "accounts": "read",
    "balance": "trace",
    "capture": "capture",
    "cases": "investigate",
    "certificates": "read",
    "checkpoint": "ledger",
    "claims": "trace",
    "drill": "recall",
    "events": "query",
    "export": "export",
    "gaps": "read",
    "metrics": "trace",
    "origin": "trace",
    "packs": "read",
    "profile": "read",
    "prove": "ledger",
    "outbox": "recall",
    "people": "recall",
    "recall": "recall",
    "report": "export",
    "scope": "trace",
    "search": "read",
    "show": "read",
    "sources": "trace",
    "subscriptions": "subscribe",
    "template": "read",
    "trace": "trace",
    "verify": "ledger",
    "where": "trace",
    **dict.fromkeys(
        ("audit", "backup", "compact", "copy", "demo", "doctor", "index", "keys", "migrate", "rebuild", "record"),
        ADMINISTER,
    ),
    **dict.fromkeys(("restore", "serve", "users"), ADMINISTER),
}


def acting(session: Session, command: str | None) -> Session:
    """The session of whoever acts. Raises Refused where the user gives no key of its own, or may not do this."""
    path = _service_file(session)
    if not session.actor or not path.exists():
        return session
    from tracegraph.access.rights import load_rights

    caller = _proven(session.actor, path)
    if caller is None:
        return session
    rights = load_rights(Path(given) if (given := os.environ.get("TRACEGRAPH_RIGHTS")) else None)
    found = replace(session, caller=caller, rights=rights)
    found.allow(OPERATIONS.get(command or "", ADMINISTER))
    return found


def _service_file(session: Session) -> Path:
    from tracegraph.service.file import beside

    given = os.environ.get("TRACEGRAPH_SERVICE_FILE")
    return Path(given) if given else beside(session.url)


def _proven(name: str, path: Path) -> Caller | None:
    """Whom the key in the environment belongs to; None: there are no users yet, so that a name is only a name."""
    from tracegraph.service.file import ServiceFile
    from tracegraph.service.keys import Keys
    from tracegraph.service.users import Users

    with closing(ServiceFile(path)) as file, closing(Keys(file)) as keys:
        if not Users(file).all():
            return None
        caller = keys.caller_of(os.environ.get(KEY, ""))
    if caller is None or caller.name != name:
        raise Refused(f"--as {name} needs a valid key of that user in {KEY}; see tracegraph keys create")
    return caller
