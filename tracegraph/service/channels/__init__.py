"""Channels: ways by which messages leave. Built in are `file` and `smtp`; other packages register theirs by an entry
point of the group `tracegraph.channels` whose value is a class without arguments, or an object (docs/channels.md).
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Protocol

from tracegraph.errors import UsageError
from tracegraph.service.channels.message import Message, NotSent, Part, Receipt, Uncertain, refuse_drill
from tracegraph.service.channels.settings import Settings

__all__ = ["Channel", "Message", "NotSent", "Part", "Receipt", "Settings", "Uncertain", "channel_named", "deliver"]

#: The group of entry points.
GROUP = "tracegraph.channels"
#: The channels that tracegraph comes with.
BUILT_IN = {
    "file": "tracegraph.service.channels.to_folder:ToFolder",
    "smtp": "tracegraph.service.channels.by_mail:ByMail",
}


class Channel(Protocol):
    """A way by which messages leave.

    `repeatable`: the same message given again has no further effect; so it is given again after a crash. Of any other
    channel a message that was on its way is uncertain then, unless the channel has a method `was_sent(message,
    settings)` that tells: True, False, or None where it cannot. `addressed_by`: which text of a person is the address
    (`email`, `phone` ...; empty: none is needed).
    """

    @property
    def repeatable(self) -> bool:
        """See above."""
        ...

    @property
    def addressed_by(self) -> str:
        """See above."""
        ...

    def send(self, message: Message, settings: Settings) -> Receipt:
        """Send it to `message.address`. Raises NotSent where it certainly did not leave, Uncertain where it may have;
        any other error counts as Uncertain too."""
        ...


def channel_names() -> dict[str, str]:
    """Where each kind of channel is, by name; a registered one never replaces a built-in one."""
    registered = {point.name: point.value for point in entry_points(group=GROUP)}
    return dict(sorted({**registered, **BUILT_IN}.items()))


def channel_named(name: str) -> Channel:
    """The channel of that kind. UsageError where there is none, or it cannot be loaded."""
    known = channel_names()
    if name not in known:
        raise UsageError(f"there is no channel {name!r}; choose one of {', '.join(known)}")
    try:
        found = EntryPoint(name, known[name], GROUP).load()
        channel: Channel = found() if isinstance(found, type) else found
        _ = channel.send, channel.repeatable, channel.addressed_by
    except Exception as error:
        raise UsageError(f"the channel {name} cannot be loaded ({type(error).__name__}); repair its package") from error
    return channel


def was_sent(channel: Channel, message: Message, settings: Settings) -> bool | None:
    """Whether a message that was on its way when the program ended had left; None: nobody can tell."""
    tell = getattr(channel, "was_sent", None)
    told = tell(message, settings) if callable(tell) else None
    return told if isinstance(told, bool) else None


def deliver(channel: Channel, message: Message, settings: Settings) -> Receipt:
    """Send a message by a channel, as the channel says; the only way from here to a channel. Raises DrillNeverSends,
    whatever the channel would do."""
    refuse_drill(message)
    return channel.send(message, settings)
