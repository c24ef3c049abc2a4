"""What whoever runs the service decides, as values: nothing here reads the environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`store`: its URL. `service_file`: where keys, jobs and subscriptions are kept (None: beside the store).

    `rights`: another file than rights.json. `origins`: the sites whose pages may ask (CORS; none by default).
    `most_bytes`: of one request's body. `most_nodes`: listed holdings of an answer that is given at once; a larger one
    becomes a job. `most_events_read`: events that one query may look at.
    """

    store: str
    service_file: Path | None = None
    rights: Path | None = None
    origins: tuple[str, ...] = ()
    most_bytes: int = 64 * 1024 * 1024
    most_nodes: int = 50_000
    most_events_read: int = 500_000
