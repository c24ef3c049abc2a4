"""Documents g to k of recall practice 1.3: each field is found by text extraction, in every form and both languages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.reports.documents.reading import TEXTS
from tests.reports.documents.recall.story import A1, B7, C3, FARM, HALL, NOW, PACK, SHOPS, recalled, told
from tracegraph import Tracegraph
from tracegraph.access.caller import Caller, Role
from tracegraph.capture import Capture
from tracegraph.errors import UnknownIdentifier, UsageError
from tracegraph.formats.recognise import Reading
from tracegraph.formats.source import SourceFile
from tracegraph.formats.tables.kinds import kind_named
from tracegraph.formats.tables.reading import read_sheets
from tracegraph.formats.tables.writing import write_xlsx
from tracegraph.messages import LANGUAGES, Language
from tracegraph.recall.case import CaseFile
from tracegraph.reports.documents.paper import Paper
from tracegraph.reports.documents.recall.origin_statement import origin_statement
from tracegraph.reports.documents.recall.trace_request import Asking
from tracegraph.reports.documents.wanted import Wanted
from tracegraph.reports.documents.writing import paper_of, write_document
from tracegraph.trace.question import ask
from tracegraph.trace.snapshot import Snapshot
from tracegraph.trace.tracing import trace

WANTED = {
    "traceback": Wanted("recall-traceback"),
    "request": Wanted("recall-request", party=PACK, case="R2026-0001"),
    "origin": Wanted("recall-origin", number=B7),
    "enforcement": Wanted("recall-enforcement", case="R2026-0001"),
    "fsma204": Wanted("recall-fsma204", case="R2026-0001"),
    "eu931": Wanted("recall-eu931", case="R2026-0001"),
}

#: Field of 1.3, how it is called in English and Chinese, and what stands there; | between several.
FIELDS: dict[str, list[tuple[str, str, str, str]]] = {
    "traceback": [
        ("title", "Traceback report", "溯源调查报告", "2"),
        ("cases", "Case", "病例", "K-1|K-2"),
        ("point of service", "Point of service", "供餐或销售点", "Corner shop 1|Corner shop 2"),
        ("exposure", "Exposure", "暴露", "2026-03-06 – 2026-03-08|2026-03-07 – …"),
        ("legs", "Legs", "追溯线", "1, 2"),
        ("convergence", "Where the legs meet", "汇合之处", "A1001|Packing hall|2 / 2"),
        ("coverage", "Coverage", "覆盖度", "0.5"),
        ("links", "Links", "环节", "North field|Packing hall|60 KGM|40 KGM"),
        ("document reference", "Document reference", "单据编号", "D-1|D-2"),
        ("times of a link", "Shipped (UTC)", "发货日期（UTC）", "2026-03-01 08:00"),
        ("meaning: each date", "both dates as recorded", "两个日期均按记录", "2026-03-02"),
        ("meaning: one date", "one date of delivery was recorded", "仅记录了同一交付日期", "2026-03-05"),
        ("meaning: receipt only", "the date of receipt is its latest", "收货日期为其最晚日期", "2026-03-06"),
        ("unresolved legs", "Unresolved legs", "未解环节", "C3003"),
        ("who can tell", "Who can tell", "可询问方", "Packwell"),
        ("timeline", "Timeline", "时间线", "2026-03-03"),
        ("association", "Association, not proof", "仅为关联", "A1001"),
        ("identifiers", "Identifier", "标识符", f"{A1}|{C3}|{HALL}"),
        ("parameters", "Cases", "病例", "K-1; K-2|sha256:"),
    ],
    "request": [
        ("title", "Trace request", "追溯问询单", "Packwell"),
        ("to", "Address", "地址", "Dock Road 5, H1 1HH, Hull, GB"),
        ("known deliveries", "Deliveries known to us", "我方已知的交付", "D-1|D-2|60 KGM|40 KGM|50 KGM"),
        ("to confirm", "Correct?", "是否正确", "B7007"),
        ("what a gap asks", "Questions", "问题", "C3003"),
        ("question: receipt", "Who delivered C3003", "何人于何时凭何单据将 C3003", "Packing hall"),
        ("question: made of", "Of what was B7007 made", "B7007 由何物制成", "B7007"),
        ("question: went to", "What was made of A1001", "A1001 制成何物", "A1001"),
        ("tables", "Tables to fill in", "待填表格", f"{C3}|{HALL}"),
        ("signature", "Signature", "签名", PACK),
    ],
    "origin": [
        ("title", "Origin statement", "来源声明", "B7007"),
        ("goods", "Identifier", "标识符", B7),
        ("product", "Product", "产品", "Baby leaf"),
        ("quantity", "Quantity", "数量", "90 KGM"),
        ("set of origins", "Origins", "来源", "North field|Packing hall"),
        ("party", "Run by", "运营方", "Greenfield Growers"),
        ("country", "Country", "国家", "GB"),
        ("place", "Latitude, longitude", "纬度、经度", "53.26, 0.18"),
        ("least", "At least", "至少", "60"),
        ("attributed", "Attributed", "归因量", "30"),
        ("most", "At most", "至多", "KGM"),
        ("certainty of origin: confirmed", "confirmed", "已确认", "North field"),
        ("path", "A shortest way", "最短路径", "North field → Packing hall"),
        ("evidence", "Evidence on record", "在案证据", "E-5|LAB-5|documented"),
        ("steps", "Recorded steps from the origins", "自来源起的已记录步骤", "D-1|D-2"),
        ("gaps", "What the records do not say", "记录未说明之处", "C3003"),
        ("complete", "Incomplete", "不完整", "2026-04-19"),
    ],
    "enforcement": [
        ("recall number", "Recall number", "召回编号", "R2026-0001"),
        ("event id", "Event number", "事件编号", "R2026-0001"),
        ("class", "Classification", "召回分级", "1"),
        ("status", "Terminated", "已终止", "R2026-0001"),
        ("product", "Product description", "产品描述", "Baby leaf 100 g"),
        ("reason", "Reason for recall", "召回原因", "Listeria"),
        ("code info", "Code information", "批号信息", "B7007"),
        ("quantity", "Product quantity", "产品数量", "90 KGM"),
        ("distribution pattern", "Distribution pattern", "销售范围", "retail shops; GB, IE"),
        ("firm", "Recalling firm", "召回企业", "Packwell"),
        ("address", "Address of the firm", "企业地址", "Dock Road 5, H1 1HH, Hull, GB"),
        ("initiation", "Recall initiation date", "召回启动日期", "2026-03-22"),
        ("classification date", "Classification date", "分级日期", "2026-03-21"),
        ("termination", "Termination date", "终止日期", "2026-04-19"),
        ("voluntary", "Voluntary: firm initiated", "自愿：企业主动召回", "R2026-0001"),
        ("notification mode", "Initial firm notification", "首次通知方式", "file"),
    ],
    "fsma204": [
        ("rows", "Critical tracking event", "关键追溯事件", "5"),
        ("lot code", "Traceability lot code", "追溯批号", B7),
        ("quantity", "Quantity", "数量", "40|50|90"),
        ("location", "Location description", "地点描述", "Packing hall, Hull, GB"),
        ("reference", "Reference document number", "单据编号", "D-2"),
    ],
    "eu931": [
        ("quantity", "Volume or quantity", "数量", "40|50"),
        ("dispatcher", "Its name and address", "名称和地址", "Packing hall, Hull, GB"),
        ("receiver", "Name and address of the receiver", "名称和地址", "Corner shop 2, York, IE"),
        ("lot", "Lot, batch or consignment reference", "批", B7),
        ("date", "Date of dispatch", "日期", "2026-03-05|2026-03-06"),
    ],
}


@contextmanager
def outbreak(folder: Path) -> Iterator[tuple[Tracegraph, CaseFile]]:
    """The story in a store of its own, recalled to its end."""
    with Tracegraph.open(f"sqlite:///{folder}/store.db") as graph:
        told(graph, folder)
        yield graph, recalled(graph)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Language], Paper]:
    """Every document in both languages."""
    with outbreak(tmp_path_factory.mktemp("story")) as (graph, _):
        snapshot = Snapshot.of(graph.store)
        return {
            (name, language): paper_of(snapshot, wanted, language)
            for name, wanted in WANTED.items()
            for language in LANGUAGES
        }


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[Tracegraph]:
    with outbreak(tmp_path) as (graph, _):
        yield graph


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\ufffe]+", "", text)


#: A PDF is made of the page, and takes its time: of each document one, of that with a picture both.
PDFS = {"traceback": ("en", "zh"), "request": ("zh",), "origin": ("en",), "enforcement": ("zh",)}
MADE = [
    (name, language, form)
    for name in WANTED
    for language in LANGUAGES
    for form in TEXTS
    if form != "pdf" or language in PDFS.get(name, ())
]


@pytest.mark.parametrize(("name", "language", "form"), MADE)
def test_every_field_stands_on_it(
    papers: dict[tuple[str, Language], Paper], name: str, language: Language, form: str
) -> None:
    found = squeezed(TEXTS[form](papers[name, language]))
    lacking = []
    for field, english, chinese, values in FIELDS[name]:
        wanted = [english if language == "en" else chinese, *values.split("|")]
        lacking += [(field, one) for one in wanted if squeezed(one) not in found]
    assert lacking == []


def test_the_flow_is_drawn_with_points_of_service_on_the_right(papers: dict[tuple[str, Language], Paper]) -> None:
    (flow,) = [part for part in papers["traceback", "en"].parts if part.name == "flow"]
    drawn = flow.pictures[0].drawing
    assert [(box.told[0], box.column[0], box.start) for box in drawn.boxes] == [
        ("North field", -2, False),
        ("Packing hall", -1, False),
        ("Corner shop 1", 0, True),
        ("Corner shop 2", 0, True),
    ]
    assert len(drawn.lines) == 3


def test_of_unknown_cases_and_goods_nothing_is_made(graph: Tracegraph) -> None:
    snapshot = Snapshot.of(graph.store)
    with pytest.raises(UnknownIdentifier, match="case 'K-9' is unknown"):
        paper_of(snapshot, Wanted("recall-traceback", number="K-1; K-9"), "en")
    with pytest.raises(UsageError, match="name one lot"):
        paper_of(snapshot, Wanted("recall-origin"), "en")
    with pytest.raises(UsageError, match="give its number"):
        paper_of(snapshot, Wanted("recall-enforcement"), "en")
    with pytest.raises(UsageError, match="to an operator"):
        paper_of(snapshot, Wanted("recall-request", number=B7), "en")
    with pytest.raises(UnknownIdentifier, match=f"took no part.*{PACK}"):
        paper_of(snapshot, Wanted("recall-request", number=B7, party="https://nobody.example"), "en")


def test_those_are_asked_who_can_tell(graph: Tracegraph) -> None:
    snapshot = Snapshot.of(graph.store)
    requests = Asking(trace(graph.store, ask(B7, direction="both")), snapshot, "en")
    assert requests.operators() == [FARM, PACK]
    farm = requests.to(FARM)
    assert farm.begun["deliveries"] == [{"lot": "A1001", "identifier": A1, "to": f"{FARM}/field"}]
    shops = requests.to(SHOPS)
    assert shops.begun == {"deliveries": [], "transformations": []}
    told_to_shops = squeezed(TEXTS["json"](shops.paper))
    assert "D-2" in told_to_shops
    for other in ("D-1", "A1001", "C3003", "Northfield"):
        assert other not in told_to_shops, f"{other} is no delivery to the shops"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_that_was_filled_in_is_captured_and_closes_the_gap(
    graph: Tracegraph, tmp_path: Path, language: Language
) -> None:
    file = tmp_path / "request.xlsx"
    with file.open("wb") as opened:
        write_document(Snapshot.of(graph.store), WANTED["request"], "xlsx", language, opened)
    captured = Capture(graph.store, lambda: NOW, form=Reading("auto")).run([SourceFile("empty.xlsx", file)])
    assert (captured.accepted, captured.rejected) == (0, 2)  # nothing but the rows that nobody filled in
    assert {"unknown_origin", "unmatched_receipt"} <= gaps(graph, C3)
    filled_in(file, {"from": f"{SHOPS}/one", "quantity": "30", "measure": "KGM", "shipped": "2026-03-01"})
    captured = Capture(graph.store, lambda: NOW, form=Reading("auto")).run([SourceFile("reply.xlsx", file)])
    assert (captured.accepted, captured.rejected) == (1, 1)
    assert "unmatched_receipt" not in gaps(graph, C3)


def filled_in(file: Path, cells: dict[str, str]) -> None:
    """Fill in the first row that is begun of the second sheet, as who gets the workbook would."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    deliveries = sheets[book.sheet_names[1]]
    columns = list(kind_named("deliveries").columns)
    deliveries[1] += [""] * (len(columns) - len(deliveries[1]))
    for name, text in cells.items():
        deliveries[1][columns.index(name)] = text
    with file.open("wb") as opened:
        write_xlsx(opened, {name: [[str(cell) for cell in row] for row in rows] for name, rows in sheets.items()})


def gaps(graph: Tracegraph, unit: str) -> set[str]:
    found = trace(graph.store, ask(unit, direction="both")).envelope["gaps"]
    return {gap["kind"] for gap in found if gap["unit"] == unit}


def test_an_exported_row_is_captured_as_a_record(graph: Tracegraph, tmp_path: Path) -> None:
    for language in LANGUAGES:
        for form in ("csv", "xlsx"):
            file = tmp_path / f"{language}.{form}"
            with file.open("wb") as opened:
                write_document(Snapshot.of(graph.store), WANTED["enforcement"], form, language, opened)
            Capture(graph.store, lambda: NOW, form=Reading("auto")).run([SourceFile(file.name, file)])
            (record,) = Snapshot.of(graph.store).records("public_recall")
            assert record.record.id == "R2026-0001"
            assert record.record.data["code_info"] == "B7007"
            assert record.record.data["recall_initiation_date"] == "2026-03-22"
            assert record.record.data["recalling_firm"] == "Packwell"


def test_bounds_hold_and_mixing_widens_them(graph: Tracegraph) -> None:
    """Half of B7 was made of A1 and half of it sold: how much of A1 is in what was sold is not known."""
    paper = origin_statement(Snapshot.of(graph.store), [B7], "en")
    grid = next(part for part in paper.parts if part.name == "origins").grids[0]
    rows = {row[0]: dict(zip(grid.names, row, strict=True)) for row in grid.rows}
    for name, amount in (("North field", 60), ("Packing hall", 30)):
        row = rows[name]
        assert Fraction(str(row["least"])) <= amount <= Fraction(str(row["most"]))
        assert row["attributed"] == amount
    assert rows["North field"]["way"] == "North field → Packing hall"


def test_the_plain_sheets_are_of_the_lots_in_scope(graph: Tracegraph) -> None:
    for form in ("csv", "xlsx"):
        file = io.BytesIO()
        write_document(Snapshot.of(graph.store), WANTED["eu931"], form, "en", file)
        (sheet, *_) = read_sheets(file.getvalue(), f"sheet.{form}")
        assert [row[9] for row in sheet.rows[1:]] == ["B7007", "B7007"]


def test_who_sees_a_part_of_the_records_gets_a_document_of_that_part(graph: Tracegraph, tmp_path: Path) -> None:
    theirs = graph.as_caller(Caller("shop", Role.OPERATOR, frozenset({SHOPS})))
    file = tmp_path / "origin.html"
    theirs.document("recall-origin", file, number=B7)
    found = file.read_text(encoding="utf-8")
    assert "Corner shop 1" in found
    for other in ("D-1", "60 KGM", "53.26", "LAB-5", "Lane 1"):
        assert other not in found, f"{other} is none of the shops' business"
