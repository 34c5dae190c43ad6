"""Words of a report and what they mean here, in both languages (名词解释)."""

from __future__ import annotations

from ..models.quantity import Text
from ..models.words import msg
from .table import Column, Table

_ENTRIES: tuple[tuple[str, str, str, str], ...] = (
    (
        "增加值",
        "Value added",
        "产出减中间投入；各部门增加值之和为地区生产总值。",
        "Output less intermediate inputs; over all sectors it adds up to GDP.",
    ),
    (
        "不变价增速",
        "Real growth",
        "按基年价格计算的增速；目标表的增速除注明外都是不变价。",
        "Growth at prices of the base year; rates of the target sheet are real unless said otherwise.",
    ),
    (
        "贡献率",
        "Contribution",
        "部门增加值增量 ÷ 地区生产总值增量，%；各部门相加为100。",
        "Increment of a sector over the increment of GDP, %; adds up to 100.",
    ),
    (
        "拉动",
        "Pull",
        "部门增加值增量 ÷ 上年地区生产总值，百分点；各部门相加为地区生产总值增速。贡献率 × 增速 = 拉动。",
        (
            "Increment of a sector over last year's GDP, percentage points; adds up to GDP growth."
            " Contribution × growth = pull."
        ),
    ),
    (
        "规上工业增加值",
        "Above-scale industry",
        "年主营业务收入2000万元及以上工业企业的增加值。",
        "Value added of industrial firms with a yearly turnover of CNY 20m or more.",
    ),
    (
        "固定资产投资",
        "Fixed-asset investment",
        "一年内完成的投资额，现价；口径同统计公报。",
        "Investment carried out in a year at current prices, as statistical bulletins count it.",
    ),
    (
        "确保 / 力争",
        "Ensure / stretch",
        "同一目标的两档：必须完成的，和争取完成的。",
        "Two tiers of one target: what must be reached, and what is striven for.",
    ),
    (
        "按现方案可达",
        "Reached by the plan",
        "照现方案达到该档的概率不低于所要求的把握（不写为一半）。",
        "The plan as written reaches the tier with at least the chance asked for (one half unless stated).",
    ),
    (
        "调整投资结构后可达",
        "Reached by another mix",
        "在全部限制之内，换一个投资结构（及允许的开工时间）的概率不低于所要求的把握。",
        (
            "Within every limit another mix of investment (and allowed start dates) has at least the chance"
            " asked for."
        ),
    ),
    (
        "需突破现有约束",
        "Reached only if a limit is relaxed",
        "须放宽一条或几条限制；列出的是权重最小的放宽。",
        "One or more limits must be relaxed; what is shown has the least weight at the prices stated.",
    ),
    (
        "现有约束内难以实现",
        "Not within the limits",
        "所有限制都放宽到终点，达到的概率仍低于所要求的把握；列出最高概率。",
        (
            "Even with every limit relaxed as far as allowed the chance stays below the confidence asked for;"
            " the highest chance found is shown."
        ),
    ),
    (
        "预计",
        "Expected",
        "现方案在全部抽样中的中位数；不抽样时为中心情形。",
        "The median of the plan's futures; of the central case where nothing was drawn.",
    ),
    (
        "缺口",
        "Gap",
        "目标值减预计值；金额按基年价。",
        "Target less expected value; money at prices of the base year.",
    ),
    (
        "边际效果",
        "Marginal effect",
        "在最优方案处，某条限制多1个单位使目标多多少（影子价格）。",
        "At the optimum, what one more unit of a limit adds to the target (shadow price).",
    ),
    (
        "受限于",
        "Held by",
        "部门产出由较短的一边决定：产能、需求、供给、市场或原料。",
        "The short side decides a sector's output: capacity, demand, supply, market or feed.",
    ),
    (
        "投资结构",
        "Mix of investment",
        "全年投资在各部门之间的占比。",
        "Shares of the year's investment among sectors.",
    ),
    (
        "结转",
        "Carry-over",
        "上年及以前投资在今年形成的产能：在建投产与爬坡。",
        "Capacity that earlier years' investment brings this year: works finished and ramping up.",
    ),
    ("爬坡", "Ramp-up", "投产到满负荷之间逐月上升的过程。", "Months between commissioning and full load."),
    (
        "挂钩指标*",
        "Linked row*",
        "不直接建模，按拟合关系由其他指标推得；残差大，只作参考。",
        "Not modelled itself but read off others by a fitted relation; large residuals, only indicative.",
    ),
    (
        "照录",
        "Stated only",
        "目标表中不建模的行，只列示不评判。",
        "A row of the sheet that is not modelled: shown, not judged.",
    ),
    (
        "亿元",
        "CNY 100m, CNY bn",
        "1亿元＝1万万元；万元数除以一万得亿元数。",
        "Tables count in CNY 100m (亿元), sentences in CNY bn: CNY 1bn is 10 of the tables' CNY 100m.",
    ),
    (
        "少见的数",
        "Numbers out of the ordinary",
        "允许但超出常见范围的数，多半是单位或抄写有误；只提示，不改变结果。",
        (
            "Numbers that are allowed and beyond the usual range, mostly a wrong unit or a slip of the pen;"
            " they are told and change nothing."
        ),
    ),
    (
        "假定",
        "Assumption",
        "没有公布数字时的取值，写明理由；有上下限的参加“结论取决于什么”。",
        "A value that nobody publishes, with its reason; those with bounds enter what the doubt hangs on.",
    ),
    (
        "方差占比",
        "Share of variance",
        "该来源单独解释的结果方差；各来源与其余相加为100%。",
        (
            "Part of the outcome's variance that a cause explains by itself; all causes and the rest add up"
            " to 100 %."
        ),
    ),
    (
        "总效应",
        "Total effect",
        "知道其他全部因素之后，因该因素而剩余的方差占比（Sobol' 指数）。",
        "Part of the variance that stays when everything else is known (Sobol' index).",
    ),
    (
        "覆盖 / 占比",
        "Coverage / density",
        "一个情形包含全部未达中的多大部分 / 该情形中有多大部分未达。",
        "Part of all misses that a box of futures holds / part of the box's futures that miss.",
    ),
    (
        "后悔",
        "Regret",
        "所选结构与该情景中最优结构之差。",
        "Difference between the mix chosen and the best mix of that future.",
    ),
    (
        "概率 / 标准误",
        "Probability / standard error",
        "在各数的不确定范围内反复模拟，达到该档的次数占比；标准误是抽样误差。",
        (
            "Share of simulations over the ranges of the numbers that reach the tier; the standard error is"
            " that of sampling."
        ),
    ),
)


def glossary() -> Table:
    """The words of a report, one row each."""
    columns = (Column("term", msg("Term")), Column("meaning", msg("Meaning")))
    rows = tuple((Text(zh=zh, en=en), Text(zh=means, en=said)) for zh, en, means, said in _ENTRIES)
    return Table("glossary", msg("Glossary"), columns, rows, ("term",))
