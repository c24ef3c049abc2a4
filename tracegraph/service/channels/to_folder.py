"""The channel `file`: each message as a mail file (.eml) in a folder, from where people or another program take it.

The name is made of the message's id, and what is written of the message alone: written again after a crash, it is the
same file. Settings: `folder`, and `from` (who sends; else nobody is named).
"""

from __future__ import annotations

from tracegraph.errors import StoreError, UsageError
from tracegraph.service.channels.letter import letter, message_id
from tracegraph.service.channels.message import Message, NotSent, Receipt, refuse_drill
from tracegraph.service.channels.settings import Settings
from tracegraph.stores.sqlite.boundary import map_system_errors
from tracegraph.stores.sqlite.replacing import put_in_place, unfinished


class ToFolder:
    """Writes files."""

    repeatable = True
    addressed_by = "email"

    def send(self, message: Message, settings: Settings) -> Receipt:
        """Write the file, whole or not at all."""
        refuse_drill(message)
        name = f"{message.id.replace('/', '_')}-{message_id(message)[:8]}.eml"
        data = letter(message, settings.text("from", "recall"), "tracegraph.invalid").as_bytes()
        try:
            folder = settings.path("folder")
            with map_system_errors(str(folder)):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with unfinished(folder / name) as new:
                    new.write_bytes(data)
                    put_in_place(new, folder / name)
        except (StoreError, UsageError) as error:
            raise NotSent(str(error)) from None
        return Receipt(name)
