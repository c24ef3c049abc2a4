"""Each field that a document of a recall must have stands on it, in every form and both languages.

The rows are those of recall practice 1.3 a to f: field, its label in English and Chinese, and what stands there.
"""

from __future__ import annotations

import re

import pytest

from tests.reports.documents.reading import TEXTS
from tests.reports.documents.recall.samples import PAPERS
from tracegraph.messages import LANGUAGES, Language
from tracegraph.recall.case.actions import action_kind
from tracegraph.recall.case.states import states
from tracegraph.recall.notices import State
from tracegraph.reports.documents.recall.telling import said

TYPES = ("recall", "withdrawal", "hold", "advisory", "drill")
#: Of every document: parameters, state of the ledger.
MADE = """
case            | Recall case | 召回案件 | R-2026-1
scope version   | Scope version | 范围版本 | 2
question        | Question of the scope | 范围问题 |
known           | Records known until | 记录已知截至 | 2026-06-30T00:00:00Z
ledger head     | Ledger head | 账本末条哈希 | sha256:0123
hash            | Hash of the content | 内容哈希 | sha256:
"""
#: What data have otherwise: under a name, and as null.
UNLABELLED = ("known", "ledger head", "hash", "missing")
FIELDS = {
    "notice": """
identifier      | Identifier | 标识 | urn:example:lot:SPROUT-7
mark            | URGENT: PRODUCT RECALL | 紧急：产品召回 |
notice          | Notice | 通知编号 | R-2026-1/v2/shop
status          | Status of the notice | 通知状态 | UPDATE / 更新通知
class           | Class | 级别 | class 1 / 一级
title           | Title | 标题 | Sprouts of May
primary         | Primary organisation | 主要责任组织 | yes / 是
initiator       | Initiator | 发起方 | Grower (https://grower.example)
contact         | Contact | 联系人 | Role One, recall coordinator
phone           | Telephone | 电话 | +00 1
after hours     | Outside of office hours | 非工作时间联系方式 | +00 99
recipient       | Recipient's identifier | 收货方标识 | https://shop.example
name            | Recipient's name | 收货方名称 | Corner Shop
address         | Address | 地址 | Main Street 5, 12345 Town
its contact     | Recipient's contact | 收货方联系人 | Role Two, store manager
reason          | Reason | 原因 | microbiological / 微生物
reason text     | Hazard | 危害 | STEC O104 found
market          | Market | 市场 | north
product         | Product | 产品 | Fenugreek sprouts
GTIN            | Product number (GTIN) | 产品编号（GTIN） | 09506000134352
size            | Size | 规格 | 100 g
lot             | Lot or serial number | 批次或序列号 | SPROUT-7
best before     | Best before | 保质期至 | 2026-05-20
shipped on      | Shipped | 发货日期 | 2026-04-30
delivered on    | Received | 收货日期 | 2026-05-01
supplied by     | Supplied by | 供货方 | Grower
site            | Delivered to | 交付地点 | Main Street 5
document        | Document reference | 单据编号 | DESADV-17
quantity        | Quantity | 数量 | 12.5
unit            | Unit of measure | 计量单位 | KGM
certainty       | Certainty | 确定性 | confirmed / 已确认
made there      | Made by you | 由贵方制造 | MIX-9
onward          | Tell those whom you supplied | 须转告下游收货方 | yes / 是
action          | What to do with the goods | 货物处理方式 | destroy / 销毁
stop            | Stop using, selling and passing them on at once | 立即停止使用 |
reply form      | Reply form | 回复表 | R-2026-1/v2/shop
reply until     | Reply until | 回复期限 | 2026-05-05
""",
    "reply_form": """
identifier      | Identifier | 标识 | urn:example:lot:SPROUT-7
notice          | Notice | 通知编号 | R-2026-1/v2/shop
send to         | Send to | 寄至 | +00 1, one@grower.example
consignee       | Consignee | 收货方 | Corner Shop (https://shop.example)
received        | Received | 收到时间 |
delivered       | Delivered | 已交付 | 12.5
on hand         | On hand at receipt | 收到时库存 |
sold            | Sold or used | 已售或已用 |
returned        | Returned | 已退回 |
destroyed       | Destroyed | 已销毁 |
witness         | Witness | 见证人 |
certificate     | Certificate | 证书 |
distributed     | Distributed further | 已转售 |
sub-consignees  | Sub-consignee | 下级收货方 |
signed by       | Signed by | 签署人 |
signature       | Signature | 签名 |
""",
    "removal": """
notice          | Notice | 通知编号 | R-2026-1/v2/shop
received        | Received | 收到时间 | 2026-05-03
on hand         | On hand at receipt | 收到时库存 | 1.5
sold            | Sold or used | 已售或已用 | 6
returned        | Returned | 已退回 | 2.25
destroyed       | Destroyed | 已销毁 | 1.75
witness         | Witness | 见证人 | Role Three, inspector
certificate     | Certificate | 证书 | CERT-4
distributed     | Distributed further | 已转售 | 1
sub-consignees  | To whom | 转售对象 | https://kiosk.example
signed by       | Signed by | 签署人 | Role Two, store manager
date            | Date | 日期 | 2026-05-04
""",
    "consignee_list": """
identifier      | Identifier | 标识 | urn:example:lot:SPROUT-7
tier            | Tier | 层级 | 1
role            | Role | 角色 | passed goods on / 转售方
name            | Name | 名称 | Corner Shop
address         | Address | 地址 | Main Street 5, 12345 Town
country         | Country | 国家 | FR
contact         | Recipient's contact | 收货方联系人 | Role Two, store manager
lots            | Lot or serial number | 批次或序列号 | SPROUT-8
delivery        | Deliveries | 交付 | DESADV-17
shipped         | Shipped | 发货日期 | 2026-04-30
date            | Received | 收货日期 | 2026-05-01
quantity        | Quantity | 数量 | 12.5
confirmed       | Certainty | 确定性 | confirmed / 已确认
possible        | Possible only | 仅为可能 | possible / 可能
notice          | Notice | 通知 | sent / 已发送
reply           | Reply | 回复 | of all lots / 全部批次
missing         | not on record | 无记录 |
""",
    "status_report": """
identifier      | Identifier | 标识 | urn:example:lot:SPROUT-7
number          | Report number | 报告编号 | 3
since           | Report before | 上次报告 | 2026-05-06
notified        | Consignees notified | 已通知收货方 | 2
notified on     | Notified | 通知日期 | 2026-05-02
method          | Method | 方式 | smtp
responding      | Consignees responding | 已回复收货方 | 1
on hand         | On hand at receipt | 收到时库存 | 5.5
not responding  | Consignees not responding | 未回复收货方 | Café
reminders       | Reminders | 催告次数 | phone call
returned        | Quantity returned | 已退回数量 | 2.25
returned by     | Returned | 已退回 | 2.25
accounted       | Accounted for | 已查明 | 12.4
checks          | Effectiveness checks | 有效性检查 | 4
results         | Checks: effective | 检查结果：有效 | 3
completion      | Estimated completion | 预计完成时间 | 2026-06-15
delta           | Change | 变化 | 1.75
percentage      | Percent | 百分比 | 50
denominator     | Of | 分母 | 2
findings        | What does not agree | 不符之处 | differs from an earlier one
""",
    "check_log": """
consignee       | Consignee | 收货方 | https://shop.example
level           | Level | 等级 | B
seed            | Random seed | 随机种子 | seed-17
drawn by        | Drawn by | 抽取人 | anna
method          | Method | 方法 | visit / 走访
date            | Date | 日期 | 2026-05-08
checker         | Checker | 检查人 | Role Three, inspector
received        | Notice received | 收到通知 | yes / 是
understood      | Understood | 理解通知 | yes / 是
followed        | Followed | 已执行 | no / 否
found           | Product found | 发现产品 | yes / 是
quantity        | Quantity | 数量 | 0.75
onward          | Told further | 已转告 | no / 否
result          | Result | 结果 | not effective / 无效
escalation      | Escalation | 升级处理 | authority told
not yet         | Drawn, not checked yet | 已抽取尚未检查 | Café
""",
    "recall_report": """
identifier      | Identifier | 标识 | urn:example:lot:SPROUT-7
timeline        | Timeline | 时间线 | 2026-05-02T08:00:00Z
step            | What was done | 事项 | Open the case
versions        | Scope versions | 范围版本 | a late event
version reason  | Reason | 理由 | lot named
approved by     | Approved by | 批准人 | ben
account         | Quantity account | 数量核算 | 1000
buckets         | Where it is | 去向 | On hand
percentages     | Percentages | 百分比 | 99.5
denominators    | Of | 分母 | 1000
gaps            | Gaps | 缺口 | Nobody recorded the receipt.
cause           | Cause | 原因 | seed lot 48088
corrective      | Corrective action | 纠正措施 | new seed supplier
preventive      | Preventive action | 预防措施 | test each lot
disposal        | Disposals | 处置 | CERT-5
""",
    "drill_report": """
mark            | DRILL | 演练 | DRILL
start           | Start | 开始 | 2026-05-02T08:00:00Z
finish          | Finish | 结束 | 2026-05-02T12:00:00Z
product         | Product | 产品 | Fenugreek sprouts
lot             | Lot or serial number | 批次或序列号 | SPROUT-7
in question     | Quantity in question | 涉及数量 | 1000
found           | Quantity found | 找到数量 | 995
percent         | Found, % | 找到比例（%） | 99.5
stamps          | Stopwatch | 计时 | 2026-05-02T08:00:03Z
first answer    | first answer | 首次答复 | 2 s
complete scope  | complete scope | 范围完整 | 3 s
reconciled      | reconciled | 核对完成 |
target          | Targets | 目标 | Complete scope within 2 hours
limit           | Limit | 限值 | 2 h
outcome         | Outcome | 结果 | passed / 通过
source          | Source | 来源 | a manual
result          | Result | 结果 | passed / 通过
""",
}


def rows(kind: str) -> list[tuple[str, str, str, str]]:
    """The rows of a document: field, label in English, in Chinese, what stands there."""
    also = FIELDS["recall_report"] if kind == "drill_report" else ""
    lines = (FIELDS[kind] + also + MADE).strip().splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if line.strip()]
    return [(field, english, chinese, said) for field, english, chinese, said in cells]


def unspaced(text: str) -> str:
    """The text without what breaks it into lines: spaces, and the apostrophe before what a spreadsheet would run."""
    return re.sub(r"\s+|&#x27;|'", "", text.replace("&quot;", '"'))


#: Which documents are read in which form; the report of a drill, which has all of a recall's, stands for both as PDF.
READ = [(kind, form) for kind in PAPERS for form in TEXTS if (kind, form) != ("recall_report", "pdf")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "form"), READ)
def test_every_field_stands_on_it(kind: str, language: Language, form: str) -> None:
    told = unspaced(TEXTS[form](PAPERS[kind](language)))
    missing = []
    for field, english, chinese, value in rows(kind):
        values = value.split(" / ")
        wanted = (english, values[0]) if language == "en" else (chinese, values[-1])
        shown = wanted[1:] if form == "json" and field in UNLABELLED else wanted
        missing += [(field, one) for one in shown if unspaced(one) not in told]
    assert missing == []


@pytest.mark.parametrize("kind", PAPERS)
def test_nothing_of_a_full_document_is_lacking(kind: str) -> None:
    assert PAPERS[kind]("en").lacking == ()


@pytest.mark.parametrize("kind", PAPERS)
def test_each_row_has_a_cell_for_each_column(kind: str) -> None:
    grids = [grid for part in PAPERS[kind]("en").parts for grid in part.grids]
    assert [grid.name for grid in grids if len(grid.heads) != len(grid.names)] == []
    assert [grid.name for grid in grids for row in grid.rows if len(row) != len(grid.heads)] == []


#: Fields of actions whose choices stand on documents, by action.
CHOICES = {
    "open": ("type", "reason_code", "class", "depth", "level", "action"),
    "check": ("method", "result"),
    "dispose": ("method",),
}


@pytest.mark.parametrize("action", CHOICES)
def test_each_choice_has_words(action: str) -> None:
    fields = [field for field in action_kind(action).fields if field.name in CHOICES[action]]
    assert len(fields) == len(CHOICES[action])
    for field in fields:
        assert [name for name in field.choices if not said(f"{field.name}_{name}", "zh")] == []


def test_each_state_has_words() -> None:
    notices = [said(f"notice_{state}", "zh") for state in State]
    assert all(notices)
    assert all(said(f"state_{state}", "zh") for state in states())
    assert all(said(f"urgent_{kind}", "en").startswith("URGENT") for kind in TYPES)
