"""Documents: every field stands on them, in every form and both languages."""

from __future__ import annotations

import re
from ctypes import create_string_buffer
from decimal import Decimal
from fractions import Fraction

import pypdfium2
import pypdfium2.raw as raw
import pytest

from tests.claims.test_material import ACCOUNTS, PARTY, WORKED
from tests.claims.written import at, world
from tests.reports.documents.reading import TEXTS, text_of_html
from tracegraph.claims.world import World
from tracegraph.errors import UnknownIdentifier
from tracegraph.messages import LANGUAGES, Language
from tracegraph.reports.documents.asi_annual import asi_annual
from tracegraph.reports.documents.asi_coc import FIELDS, OPTIONAL, asi_coc
from tracegraph.reports.documents.laying_out import html, pdf
from tracegraph.reports.documents.paper import Paper, on_paper
from tracegraph.reports.documents.sources import Source

RECORDS = [
    *WORKED,
    {
        "kind": "annual",
        "party": PARTY,
        "year": "2025",
        "material": "aluminium",
        "unit": "TNE",
        "coc_in": "500",
        "coc_out": "471.25",
        "scrap_in": "0",
        "scrap_out": "30",
        "other_in": "500",
        "other_out": "490",
        "reported": "2026-02-03",
    },
    {
        "kind": "claim",
        "claim": "K-1",
        "party": PARTY,
        "account": "COC",
        "scheme": "ASI",
        "quantity": "480",
        "unit": "TNE",
        "percent": "100",
        "made": "2025-11-01",
        "document": "D-1",
        "line": "10",
        "text": "wholly certified aluminium, 认证铝",
    },
    {
        "kind": "certificate",
        "certificate": "C-7",
        "scheme": "ASI",
        "standard": "Chain of Custody",
        "holder": PARTY,
        "body": "https://body.example",
        "stage": "scrap_casthouse",
        "issued": "2024-01-01",
        "expires": "2026-12-31",
    },
    {"kind": "status", "certificate": "C-7", "status": "suspended", "effective": "2025-12-01"},
    {
        "kind": "document",
        "document": "D-1",
        "type": "coc",
        "issuer": PARTY,
        "recipient": "https://buyer.example",
        "date": "2025-11-01",
        "certificate": "C-7",
        "material": "aluminium",
        "product": "urn:example:ingot",
        "goods": "urn:example:melt:17",
        "quantity": "480",
        "unit": "TNE",
        "model": "mb",
        "statement": "480 t, 质量平衡",
        "hash": "sha256:feed",
    },
]
#: What stands on each, between bars.
LABELS: dict[str, dict[Language, str]] = {
    "annual": {
        "en": (
            "Annual report on material accounting|Organisation|Calendar year|Scheme|Certificates|"
            "Stage of the chain|Expires on|State on 2025-12-31|suspended|Unit of measure|Reported on|"
            "Chain-of-custody material in|Chain-of-custody material out|Eligible scrap in|Eligible scrap out|"
            "Other material in|Other material out|Recorded|Sum of the postings|Difference|Certified input, %|"
            "Output allowed as certified|Claimed as certified|Carried in|Claimed too much|"
            "Balance to the next period|Eligible scrap allowed|Eligible scrap sold|Claims"
        ),
        "zh": (
            "年度物料核算报告|组织|日历年|认证计划|证书|链条阶段|到期日期|2025-12-31 状态|暂停|计量单位|"
            "报告日期|监管链物料投入|监管链物料产出|合格废料投入|合格废料产出|其他物料投入|其他物料产出|"
            "已记录|过账合计|差额|监管链投入占比（%）|允许按监管链销售的产出|按监管链声明|上期结转|超出声明|"
            "结转下期|允许的合格废料|已售合格废料|声明"
        ),
    },
    "coc": {
        "en": (
            "Chain-of-custody document|Number|Issuer|Recipient|Date|Certificate|Type of material|Product|"
            "Unit|Quantity|Unit of measure|Model as stated|Statement|Hash of the file|mass balance (MB)|"
            "Scheme|Standard|Holder|Certification body|Issued on|Expires on|State on 2025-11-01|issued|"
            "Line of the document"
        ),
        "zh": (
            "监管链单据|编号|出具方|接收方|日期|证书|物料类型|产品|单元|数量|计量单位|所述模式|陈述|文件哈希|"
            "质量平衡 (MB)|认证计划|标准|持有人|认证机构|签发日期|到期日期|2025-11-01 状态|已签发|单据行"
        ),
    },
}
VALUES = {
    "annual": (
        "2025|ASI|C-7|Chain of Custody|scrap_casthouse|2026-12-31|TNE|2026-02-03|500|471.25|-8.75|490|"
        "480|470|30|10|2025-01-01|2025-12-31|K-1|D-1|认证铝|2026-06-30T00:00:00Z|sha256:0123"
    ),
    "coc": (
        "D-1|https://buyer.example|2025-11-01|C-7|aluminium|urn:example:ingot|sha256:feed|"
        "urn:example:melt:17|480|TNE|480 t, 质量平衡|https://body.example|2024-01-01|2026-12-31|K-1|100|"
        "认证铝|2026-06-30T00:00:00Z|sha256:0123"
    ),
}


def source(found: World | None = None) -> Source:
    return Source(found or world(*RECORDS), at("2026-06-30"), "sha256:0123")


def paper(kind: str, language: Language) -> Paper:
    return asi_annual(source(), PARTY, 2025, language) if kind == "annual" else asi_coc(source(), "D-1", language)


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["annual", "coc"])
def test_every_field_stands_on_it(kind: str, language: Language, form: str) -> None:
    told = re.sub(r"\s+", "", TEXTS[form](paper(kind, language)))
    wanted = [PARTY, *LABELS[kind][language].split("|"), *VALUES[kind].split("|")]
    assert [one for one in wanted if re.sub(r"\s+", "", one) not in told] == []


def test_a_pdf_embeds_its_fonts_and_is_the_same_each_time() -> None:
    made = pdf(paper("coc", "zh"))
    assert made == pdf(paper("coc", "zh"))
    texts = [one for page in pypdfium2.PdfDocument(made) for one in page.get_objects([raw.FPDF_PAGEOBJ_TEXT])]
    fonts = [raw.FPDFTextObj_GetFont(one) for one in texts]
    assert {raw.FPDFFont_GetIsEmbedded(font) for font in fonts} == {1}
    assert any("CJK" in _name(font) for font in fonts)


def _name(font: object) -> str:
    buffer = create_string_buffer(100)
    raw.FPDFFont_GetBaseFontName(font, buffer, 100)
    return buffer.value.decode()


def test_what_nobody_recorded_is_said() -> None:
    bare = [*WORKED, {"kind": "document", "document": "D-2", "type": "coc", "date": "2025-11-01"}]
    found = source(world(*bare))
    document = asi_coc(found, "D-2", "en")
    assert len(document.lacking) == len(FIELDS) - len(OPTIONAL) - 1  # all but the date
    assert "Incomplete; nobody recorded: Issuer; Recipient; Certificate" in re.sub(r" +", " ", text_of_html(document))
    assert text_of_html(document).count("not on record") == len(FIELDS) - 1
    annual = asi_annual(found, PARTY, 2025, "en")
    assert len(annual.lacking) == 6
    assert annual.lacking[0] == "aluminium: Chain-of-custody material in"


def test_what_cannot_be_counted_is_named() -> None:
    odd = {**WORKED[4], "posting": "ODD", "unit": "MTQ"}
    assert "record ODD cannot be counted" in asi_annual(source(world(*WORKED, odd)), PARTY, 2025, "en").lacking


def test_markup_in_records_is_text() -> None:
    markup = asi_coc(source(world(*RECORDS[:-1], {**RECORDS[-1], "statement": "<script>&"})), "D-1", "en")
    assert "&lt;script&gt;&amp;" in html(markup)
    assert "<script>" not in html(markup)


def test_what_there_is_not_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnknownIdentifier, match="keeps no account under ASI"):
        asi_annual(source(), "https://nobody.example", 2025, "en")
    with pytest.raises(UnknownIdentifier, match="no document 'D-9' of type coc"):
        asi_coc(source(), "D-9", "en")
    invoice = {"kind": "document", "document": "D-9", "type": "invoice", "date": "2025-11-01"}
    with pytest.raises(UnknownIdentifier, match="no document 'D-9' of type coc"):
        asi_coc(source(world(invoice)), "D-9", "en")


def test_a_year_without_postings_has_totals_of_nothing() -> None:
    annual = asi_annual(source(), PARTY, 2023, "en")
    assert [row[2] for row in annual.parts[1].grids[0].rows] == [Decimal(0)] * 6
    assert [grid.title for grid in annual.parts[1].grids] == ["Six totals of the calendar year"]
    assert asi_annual(source(world(*ACCOUNTS)), PARTY, 2025, "en").parts[1].title == "aluminium"


def test_amounts_on_paper_have_at_most_six_decimals() -> None:
    assert str(on_paper(Fraction(1, 3))) == "0.333333"
    assert on_paper(Fraction(500)) == 500
    assert on_paper(Fraction(15, 10**7)) == Decimal("0.000002")
    assert on_paper(Fraction(25, 10**7)) == Decimal("0.000002")
