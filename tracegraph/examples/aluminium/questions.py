"""What a regulator asks of the year of aluminium, and what to try next; English and Chinese."""

from __future__ import annotations

from tracegraph.examples.aluminium.events import lot
from tracegraph.examples.aluminium.year import PROFILE
from tracegraph.examples.questions import Question, Wording

#: A unit by which the year is known to be on record.
MARK = lot(PROFILE, "PR-09")

INTRODUCTION = Wording(
    "A year of aluminium, invented: two refineries, a smelter, an extruder, a remelter and a window maker have sent "
    "their events, accounts, certificates and claims. A regulator asks whether the claims on the profiles hold. "
    "Eight things are wrong in the records.",
    "虚构的一年铝业记录：两家氧化铝厂、一家冶炼厂、一家挤压厂、一家再生厂和一家门窗厂提交了事件、账户、证书和声明。"
    "监管者问：型材上的声明是否成立？记录中有八处错误。",
)
QUESTIONS: tuple[Question, ...] = (
    Question(
        "claim",
        Wording("Is the claim on September's profiles supported?", "九月型材的声明有依据吗？"),
        Wording(
            "The extruder sold them as segregated. Every rule about this claim, with its evidence.",
            "挤压厂称其为隔离模式。列出与该声明有关的每条规则及证据。",
        ),
        ("claims", "show", "K-EX-09", "--pack", "iso22095"),
    ),
    Question(
        "account",
        Wording("Did the smelter ever sell what it did not have?", "冶炼厂是否曾售出其没有的份额？"),
        Wording("Its account of certified metal until the end of May.", "其认证金属账户截至五月底的对账单。"),
        ("accounts", "statement", "SM-COC", "--on", "2025-05-31"),
    ),
    Question(
        "certificate",
        Wording("Was the remelter certified when it delivered?", "再生厂交货时持证有效吗？"),
        Wording("The certificate on the day of the delivery.", "交货当日的证书状态。"),
        ("certificates", "show", "C-REM", "--on", "2025-07-15"),
    ),
    Question(
        "origin",
        Wording("Where does the metal come from?", "金属来自哪里？"),
        Wording(
            "The goods themselves: mass balance says nothing of where the atoms went; the custody graph does.",
            "货物本身：质量平衡不说明原子去向，监管链图可以。",
        ),
        ("origin", MARK),
    ),
    Question(
        "everything",
        Wording("What else is wrong?", "还有什么问题？"),
        Wording("All rules of the scheme over all records.", "对全部记录运行该计划的所有规则。"),
        ("claims", "check", "--pack", "asi_coc", "--valid", "2026-02-28"),
    ),
)
NEXT: tuple[Question, ...] = (
    Question(
        "then",
        Wording("What was known in January?", "一月时已知什么？"),
        Wording("Nothing that became true later counts.", "此后才成立的不计。"),
        ("claims", "check", "--pack", "iso22095", "--valid", "2025-01-31"),
    ),
    Question(
        "credits",
        Wording("Which credits were redeemed twice?", "哪些信用被兑现两次？"),
        Wording("The registry, serial by serial.", "逐号查看登记簿。"),
        ("accounts", "credits"),
    ),
)
