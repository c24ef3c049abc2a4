"""tracegraph's own interface, /api/v1: a router for each resource."""

from __future__ import annotations

from tracegraph.api.routes import Routes
from tracegraph.api.v1 import (
    audit,
    files,
    incidents,
    jobs,
    ledger,
    metrics,
    questions,
    recalls,
    resolving,
    scoping,
    subscriptions,
    things,
    validating,
)

ROUTES: tuple[Routes, ...] = (
    *(things.units, things.events, things.sites, things.parties, things.products),
    *(questions.traces, questions.paths, questions.origins, questions.whereabouts, questions.balances, questions.gaps),
    *(scoping.scopes, incidents.cases, incidents.sources, metrics.routes, questions.profiles),
    *(validating.claims, validating.packs, validating.certificates, validating.accounts, validating.credits),
    *(validating.factors, validating.declarations, recalls.routes, recalls.holds, files.recall_documents),
    *(ledger.ledger, jobs.jobs, files.exports, files.sheets, files.documents, files.reports),
    *(subscriptions.routes, audit.routes),
    resolving.resolver,
)
