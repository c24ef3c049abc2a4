"""What all requests of one service share: the store, what is kept beside it, and what works in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from tracegraph.access.caller import Caller
from tracegraph.access.capturing import permit_of
from tracegraph.access.rights import Rights, load_rights
from tracegraph.api.limiting import Limits
from tracegraph.api.observing import Measures
from tracegraph.api.settings import Settings
from tracegraph.api.subscribing import Subscribing, subscribing
from tracegraph.api.tokens import Tokens
from tracegraph.clock import now
from tracegraph.graph import Tracegraph
from tracegraph.intake.portions import Permit
from tracegraph.service.audit import AuditTrail
from tracegraph.service.capturing import KIND as CAPTURE
from tracegraph.service.capturing import Capturing
from tracegraph.service.file import ServiceFile, beside
from tracegraph.service.idempotency import Answers
from tracegraph.service.jobs import Jobs
from tracegraph.service.keys import Keys
from tracegraph.service.queries import NamedQueries
from tracegraph.service.sealing import Seal
from tracegraph.service.seen import Seen
from tracegraph.service.users import Users
from tracegraph.service.working import JobWorker

#: From a credential (what follows `Bearer`, or an API key) to whom it belongs; None: nobody that this one knows.
Authenticator = Callable[[str], Caller | None]


class Worker(Protocol):
    """Something that works beside the requests: captures jobs, delivers to subscribers."""

    def start(self) -> None:
        """Begin, in a thread of its own; what an earlier run left undone comes first."""

    def stop(self) -> None:
        """Finish what is at hand, and end."""


@dataclass(slots=True)
class Serving:
    """One running service. `authenticators` are asked in turn, then the keys of the service file, then the issuer."""

    settings: Settings
    graph: Tracegraph
    file: ServiceFile
    rights: Rights
    authenticators: Sequence[Authenticator] = ()
    workers: list[Worker] = field(default_factory=list)
    clock: Callable[[], int] = now
    measures: Measures = field(default_factory=Measures)
    limits: Limits = field(init=False)
    keys: Keys = field(init=False)
    users: Users = field(init=False)
    answers: Answers = field(init=False)
    audit: AuditTrail = field(init=False)
    jobs: Jobs = field(init=False)
    queries: NamedQueries = field(init=False)
    capturing: Capturing = field(init=False)
    seen: Seen = field(init=False)
    seal: Seal = field(init=False)
    subscribing: Subscribing = field(init=False)

    def __post_init__(self) -> None:
        self.limits = Limits(self.settings)
        self.keys = Keys(self.file, self.clock)
        self.users = Users(self.file, self.clock)
        self.answers = Answers(self.file, self.clock)
        self.audit = AuditTrail(self.file, self.clock, self.settings.audit_days, self.measures.audit_lost.inc)
        self.jobs = Jobs(self.file, self.clock, self.settings.job_days)
        self.queries = NamedQueries(self.file, self.clock)
        self.capturing = Capturing(self.graph.store, self.clock, self._permit_of, self._take_note)
        self.seal = Seal(self.file)
        self.seen = Seen(self.file, self.graph.store)
        self.workers.append(JobWorker(self.jobs, {CAPTURE: self.capturing.run}))
        tokens = (Tokens(self.settings.oidc),) if self.settings.oidc else ()
        self.authenticators = (*self.authenticators, self.keys.caller_of, *(known.caller_of for known in tokens))
        self.subscribing = subscribing(self)
        self.workers.append(self.subscribing.worker)

    @classmethod
    def open(cls, settings: Settings, authenticators: Sequence[Authenticator] = ()) -> Self:
        """Open the store and the service file."""
        graph = Tracegraph.open(settings.store)
        file = ServiceFile(settings.service_file or beside(settings.store))
        return cls(settings, graph, file, load_rights(settings.rights), authenticators)

    def caller_with(self, credential: str) -> Caller | None:
        """Whose credential it is."""
        for known in self.authenticators:
            caller = known(credential)
            if caller is not None:
                return caller
        return None

    def _take_note(self) -> None:
        """Keep the lists for browsing up to date, so that whoever asks for one next need not wait for that."""
        self.seen.update()

    def _permit_of(self, caller: Caller) -> Permit | None:
        """What decides about each piece; a job may have waited while its caller lost rights."""
        now = self.users.current(caller)
        if now is None:
            return lambda piece: f"the user {caller.name} is disabled; ask the administrator"
        return permit_of(self.graph.store, now, self.rights)

    def graph_of(self, caller: Caller) -> Tracegraph:
        """The graph as far as the caller may know it, and in its name."""
        return self.graph.as_caller(caller, self.rights)

    def start(self) -> None:
        """Begin what works in the background."""
        self.audit.start()
        for worker in self.workers:
            worker.start()

    def close(self) -> None:
        """End it, and let go of the files."""
        for worker in self.workers:
            worker.stop()
        self.audit.stop()
        self.keys.close()
        self.graph.close()
        self.file.close()
