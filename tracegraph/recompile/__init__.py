"""From new entries to what changes in the graph, and nothing else (custody-graph section 1).

`store_batch` appends what is new and brings the graph up to date in one atomic change; a `Workbench` remembers between
changes what it compiled, so that a stream of events costs what it changes.
"""

from tracegraph.recompile.batch import Batch, store_batch, store_batches
from tracegraph.recompile.records import record_of
from tracegraph.recompile.workbench import Workbench

__all__ = ["Batch", "Workbench", "record_of", "store_batch", "store_batches"]
