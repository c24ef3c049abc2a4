"""What `tracegraph demo` asks, in an investigator's order, and what to try next; English and Chinese."""

from __future__ import annotations

from tracegraph.examples.food_outbreak import actors, france, seed_trade
from tracegraph.examples.food_outbreak.case_sites import TRACED_IN_FULL, case_sites
from tracegraph.examples.questions import Question, Wording

FIVE_CLUSTERS = tuple(f"site:{case.site.key}" for case in case_sites()[:TRACED_IN_FULL])
LOT, NEW_NUMBER, SECOND_LOT = seed_trade.EXPORTERS_CODE, seed_trade.IMPORTERS_CODE, seed_trade.SECOND_CODE
FRENCH_CASE = france.GARNISH.key
PACKETS = france.PACKETS.key

INTRODUCTION = Wording(
    "An outbreak in May and June 2011, re-modelled. 41 clusters in Germany and one in France; sprouts are suspected. "
    "Partners have sent their records as EPCIS files. Companies appear by role; published figures carry their source, "
    "everything else is invented and marked so.",
    "根据2011年5月至6月一次疫情重新构建的案例：德国41个聚集性病例点，法国1个，怀疑与芽苗菜有关。"
    "各合作方已以EPCIS文件提交记录。企业只以角色出现；已公开的数字注明来源，其余均为虚构并已标注。",
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        "backward",
        Wording("What do the clusters have in common?", "这些病例点有什么共同来源？"),
        Wording(
            "Backward from the five clusters that were traced in full. Many things were eaten at each; look for what "
            "is upstream of all.",
            "从已完整追溯的五个病例点向上游追溯。每处食用了多种食品，应寻找所有病例点共同的上游。",
        ),
        ("trace", "backward", *FIVE_CLUSTERS),
    ),
    Question(
        "origin",
        Wording("Where did the sprouts at Bègles come from?", "贝格勒活动上的芽苗菜来自哪里？"),
        Wording(
            "The French case has nothing to do with the German sprout grower. Its packets lead to lot 48088 and to no "
            "other lot of fenugreek: the seed, not the grower, is what all cases share.",
            "法国病例与德国芽苗种植商毫无往来。其小包装种子只通向48088批葫芦巴种子：各病例共有的是种子，而不是种植商。",
        ),
        ("origin", FRENCH_CASE),
    ),
    Question(
        "forward",
        Wording("Where did lot 48088 go?", "48088批去了哪里？"),
        Wording(
            "Forward from the lot, asked by the importer's number 6832: it is the same lot. What is listed as possible "
            "is what the records leave open.",
            "以进口商编号6832向下游追踪：它与48088是同一批。标为“可能”者是记录未能确定之处。",
        ),
        ("trace", "forward", NEW_NUMBER),
    ),
    Question(
        "packets",
        Wording("Which part went through England to France?", "哪一部分经英国流向法国？"),
        Wording(
            "Forward from the 50 g packets made of 400 kg.",
            "从由400公斤种子分装成的50克小包向下游追踪。",
        ),
        ("trace", "forward", PACKETS),
    ),
    Question(
        "where",
        Wording("Where is lot 48088 now?", "48088批现在在哪里？"),
        Wording(
            "Published figures say that of 15,000 kg 15,075 kg were sold and 75 kg kept. Both stay as recorded; the "
            "gap overdrawn_holding says that they cannot both be right.",
            "公开数字称：15,000公斤中售出15,075公斤，另存75公斤。两种说法均按原样保留；缺口overdrawn_holding表明二者不可能同时成立。",
        ),
        ("where", LOT),
    ),
    Question(
        "gaps",
        Wording("What do the records not say, and whom to ask?", "记录缺少什么，应向谁询问？"),
        Wording(
            "Receipts that nobody sent, goods that moved without a record, papers that are missing.",
            "未提交的收货记录、无记录的移动、缺失的单据。",
        ),
        ("gaps",),
    ),
)

NEXT: tuple[Question, ...] = (
    Question(
        "confirmed",
        Wording("Only what the records show", "只看记录能够证实的部分"),
        Wording("Leaves out everything that is merely possible.", "略去一切仅为“可能”的结果。"),
        ("trace", "forward", LOT, "--certainty", "confirmed"),
    ),
    Question(
        "may",
        Wording("Where was it on 1 May 2011?", "2011年5月1日时它在哪里？"),
        Wording("Ignores everything that happened later.", "忽略此后发生的一切。"),
        ("where", LOT, "--on", "2011-05-01"),
    ),
    Question(
        "second lot",
        Wording("The other suspect, lot 8266", "另一可疑批次8266"),
        Wording(
            "It explains 41 of the 42 cases, but not the French one.", "它能解释42例中的41例，但不能解释法国病例。"
        ),
        ("trace", "forward", SECOND_LOT),
    ),
    Question(
        "show",
        Wording("One lot, three numbers", "一个批次，三个编号"),
        Wording("The timeline of the lot, under the exporter's own number.", "以出口商自编号查看该批次的时间线。"),
        ("show", seed_trade.EXPORTERS_OWN_NUMBER),
    ),
    Question(
        "picture",
        Wording("A picture of the outbreak at one site", "单个病例点的图示"),
        Wording("A web page that needs nothing else.", "一个无需其他文件的网页。"),
        ("trace", "backward", FIVE_CLUSTERS[0], "--format", "html"),
    ),
)

#: Sites whose whole history the story knows to be free of lot 48088.
INNOCENT = tuple(f"site:{site.key}" for site in actors.INNOCENT)
