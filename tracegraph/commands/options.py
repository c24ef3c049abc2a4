"""Options that several commands share. What each one means is said in the catalogue, section `help`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from tracegraph.commands.output import Form
from tracegraph.model.custody import Certainty


class Towards(StrEnum):
    """Where the starts are followed to."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"


FormOption = Annotated[Form, typer.Option("--format")]
CertaintyOption = Annotated[Certainty, typer.Option("--certainty")]
On = Annotated[str | None, typer.Option("--on", metavar="T")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="T")]
CompareAsOf = Annotated[str | None, typer.Option("--compare-as-of", metavar="T")]
MaxHops = Annotated[int | None, typer.Option("--max-hops", metavar="N")]
MaxSteps = Annotated[int | None, typer.Option("--max-steps", metavar="N")]
MaxNodes = Annotated[int | None, typer.Option("--max-nodes", metavar="N")]
MaxSeconds = Annotated[float | None, typer.Option("--max-seconds", metavar="N")]
NoContents = Annotated[bool, typer.Option("--no-contents")]
