"""How the server is reached, and how long is waited for it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Settings:
    """Times in seconds. `patience`: how long a change waits for another one before StoreLocked."""

    patience: float = 30.0
    #: A question of one transaction; the server ends what takes longer.
    question_timeout: float = 300.0
    #: A change, all of it; None: what the server allows.
    change_timeout: float | None = None
    #: How long what may pass by itself is tried again: a lost connection, a new leader, a deadlock.
    retry_time: float = 15.0
    connection_timeout: float = 10.0
    #: How long a question waits for a free connection of the pool.
    acquisition_timeout: float = 30.0
    pool_size: int = 20
    #: Connections are replaced after so long, before firewalls and load balancers cut them.
    connection_lifetime: float = 1_800.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is, taken from its URL. `url`: for the driver, without credentials and database; `shown`: the whole
    as it may be shown; `database` None: the user's own."""

    url: str
    shown: str
    database: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
