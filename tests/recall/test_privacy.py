"""What looks personal, and what in real files only resembles it."""

from __future__ import annotations

import pytest

from tracegraph.errors import InvalidField
from tracegraph.recall.case.actions import action_kind
from tracegraph.recall.privacy import check_texts, looks_personal, personal_texts

EMAILS = ["a.b@dairy.example", "write to q@x-y.example.", "mailto:a+b@c.example"]
PHONES = [
    "+49 30 5550 17",
    "reached at +86 138 0013 8000",
    "13800138000",
    "138 0013 8000",
    "(030) 5550-178",
    "555-010-0199",
    "(555) 010-0199",
    "tel. 5550178",
    "电话：010-5550178",
    "call 555 01 78",
    "+1 (555) 010-0199",
]
HARMLESS = [
    "",
    "48088",
    "lot 6832 of 2026-01-31",
    "2026-01-31T09:00:00Z",
    "09521234543213",
    "(01)09521234543213(10)ABC(21)1234567",
    "(01) 09521234543213",
    "urn:epc:class:lgtin:9521234.054321.998877",
    "urn:epc:id:sgln:9521234.00000.0",
    "https://id.gs1.org/01/09521234543213/10/138-001-3800",
    "sha256:13800138000",
    "1380013800012",
    "15,000 kg and 10,500 kg",
    "document DN-2026-000123",
    "+75 kg",
    "0.976",
    "person:0123456789abcdef0123456789abcdef",
    "user@host",
    "R2026-0001/0002",
    "by phone",
    "tel quel",
]


@pytest.mark.parametrize("text", EMAILS)
def test_e_mail_addresses_are_seen(text: str) -> None:
    assert looks_personal(text) == "an e-mail address"


@pytest.mark.parametrize("text", PHONES)
def test_telephone_numbers_are_seen(text: str) -> None:
    assert looks_personal(text) == looks_personal(f"she said {text}, often") == "a telephone number"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_records_are_full_of_is_not(text: str) -> None:
    assert looks_personal(text) == looks_personal(f"see {text} there") == ""


def test_only_free_texts_are_looked_at_and_the_reason() -> None:
    reply = action_kind("reply")
    fields = {"unit": "13800138000", "witness": "q@dairy.example", "signer": "person:1"}
    assert personal_texts(reply, fields, "13800138000") == {
        "witness": "an e-mail address",
        "reason": "a telephone number",
    }


def test_what_is_refused_names_the_field_and_not_the_text() -> None:
    note = action_kind("note")
    with pytest.raises(InvalidField, match="note: text seems to hold an e-mail address") as refused:
        check_texts(note, {"text": "q@dairy.example"})
    assert refused.value.field == "text"
    assert "q@" not in str(refused.value)
    check_texts(note, {"text": "q@dairy.example"}, as_is=["text"])
    with pytest.raises(InvalidField, match="note: reason"):
        check_texts(note, {"text": "none"}, "called 13800138000", as_is=["text"])
