"""What whoever runs the service decides, as values: nothing here reads the environment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Oidc:
    """Whose bearer tokens are taken (OpenID Connect). `mapping`: a file that says which claims give role and
    organisations (None: the claims `role` and `organisations`). `algorithms`: of signatures; never a shared secret.
    """

    issuer: str
    audience: str
    mapping: Path | None = None
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")


@dataclass(frozen=True, slots=True)
class Settings:
    """`store`: its URL. `service_file`: where keys, jobs and subscriptions are kept (None: beside the store).

    `rights`: another file than rights.json. `origins`: the sites whose pages may ask (CORS; none by default).
    `most_bytes`: of one request's body. `most_nodes`: listed holdings of an answer that is given at once; a larger one
    becomes a job. `most_seconds`: spent following legs at once. `most_job_nodes` and `most_job_seconds`: the same of a
    job. `most_jobs`: questions of one caller that wait or run as jobs; `most_captures`: documents of one caller that
    wait or are being captured. `job_days`: how long a job and its result are kept.
    `most_events_read`: events that one query may look at. `signing_key`: the file of the key that signs checkpoints.

    `most_requests`: per minute and caller, `most_anonymous_requests` and `most_wrong_credentials`: per minute and
    address (0: no limit). `audit_days`: how long the audit trail is kept (0: for ever).

    `destinations`: hosts, addresses and networks that subscribers may name although they are not public; these also by
    http and on any port.
    """

    store: str
    service_file: Path | None = None
    rights: Path | None = None
    origins: tuple[str, ...] = ()
    most_bytes: int = 64 * 1024 * 1024
    most_nodes: int = 50_000
    most_seconds: float = 30.0
    most_job_nodes: int = 5_000_000
    most_job_seconds: float = 3_600.0
    most_jobs: int = 20
    most_captures: int = 100
    job_days: int = 7
    most_requests: int = 6_000
    most_anonymous_requests: int = 600
    most_wrong_credentials: int = 60
    audit_days: int = 365
    oidc: Oidc | None = None
    most_events_read: int = 500_000
    signing_key: Path | None = None
    destinations: tuple[str, ...] = ()
