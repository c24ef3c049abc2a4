"""Bodies of requests. An address is text, of which numbers are read; in JSON a number is one, and so are yes and no."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationInfo, field_validator


class Body(BaseModel):
    """Base of what is sent as JSON: takes no text for a number, and nothing but true and false for yes and no. 112.0
    is a whole number there (RFC 8259 does not tell it from 112).
    Not for what is chosen by a discriminator, before which nothing may look at the value: StrictBool does there."""

    @field_validator("*", mode="before")
    @classmethod
    def _as_json_has_it(cls, value: Any, asked: ValidationInfo) -> Any:
        declared = cls.model_fields[asked.field_name or ""].annotation
        kinds = {declared, *get_args(declared)}
        if bool in kinds and not isinstance(value, bool):
            raise ValueError("give true or false")
        if kinds & {int, float} and isinstance(value, bool | str):
            raise ValueError("give a number")
        return value
