"""The method in two pages: how numbers become a verdict, step by step (方法说明)."""

from __future__ import annotations

from ..models.quantity import Text
from .table import Column, Table

_STEPS: tuple[tuple[Text, Text, str], ...] = (
    (
        Text(zh="基年账户", en="Accounts of the base year"),
        Text(
            zh=(
                "由全国投入产出表按部门增加值缩放，得到本地各部门的产出、中间投入、最终使用、"
                "调入与外销；逐部门“产出=各去向之和”，误差在1e-9以内。"
                "居民收入形成消费、消费再带动产出的回路在内。"
            ),
            en=(
                "The national input-output table, scaled to each sector's value added, gives local output,"
                " intermediate inputs, final uses, purchases from and sales to outside; sector by sector"
                " output equals its uses to 1e-9. The loop from income to consumption is inside."
            ),
        ),
        "Miller & Blair (2009), ch. 2, 3, 6",
    ),
    (
        Text(zh="需求一侧", en="Demand"),
        Text(
            zh="外部市场按各自趋势增长，政府与居民消费、投资逐年给定或内生；经本地投入产出联系传到各部门。",
            en=(
                "Outside markets grow at their trends; government and household consumption and investment"
                " are stated or follow; local input-output links carry them to every sector."
            ),
        ),
        "Miller & Blair (2009), ch. 2",
    ),
    (
        Text(zh="供给一侧", en="Supply"),
        Text(
            zh=(
                "产能由上年产能、报废和新投产形成；投资按形成期逐年转为产能，具名项目按其时间表和爬坡曲线。"
                "农业等按自身能力供给。工艺链按物料平衡、"
                "回收率和设备能力逐道计算。"
            ),
            en=(
                "Capacity is last year's less scrapping plus what comes on line; investment becomes capacity"
                " over its gestation, named projects by their own dates and ramp-up. Agriculture supplies"
                " what it can. Process chains are computed step by step from material balances, recoveries"
                " and capacity."
            ),
        ),
        "OECD (2009), Measuring Capital",
    ),
    (
        Text(zh="供需取小", en="The short side"),
        Text(
            zh="每个部门产出取需求与产能中较小者，再迭代到各部门一致：一个部门受限，上下游随之减少。",
            en=(
                "Every sector makes the smaller of demand and capacity, iterated until all agree: where one"
                " is held, those before and after it make less."
            ),
        ),
        "Bénassy (1982); fixed point of min(demand, capacity)",
    ),
    (
        Text(zh="项目管线", en="Pipeline of projects"),
        Text(
            zh=(
                "项目依次经过审批、开工、纳统、投产、达产；审批窗口、"
                "施工力量和资金有限时排队（离散事件模拟）。各月投资记入当年。"
            ),
            en=(
                "Projects pass approval, start, registration, commissioning and full load; they queue for"
                " desks, builders and money (discrete-event simulation). Each month's investment counts in"
                " its year."
            ),
        ),
        "SimPy; Banks et al. (2010)",
    ),
    (
        Text(zh="结论与分级", en="Verdict"),
        Text(
            zh=(
                "先按现方案模拟；不达则在限制内求最优投资结构与开工时间（线性规划）并再模拟；仍不达则求代价最小的放宽；放宽到终点仍不达则给出上界。"
                "报出的都是模拟值，优化器的承诺并列。比较前按目标位数四舍五入。"
            ),
            en=(
                "The plan is simulated first; where it misses, the best mix and start dates within the limits"
                " are sought (linear programme) and simulated; then the cheapest relaxation; where even full"
                " relaxation misses, a bound is given. Only simulated values are reported, the solver's"
                " promise beside them. Values are rounded to the target's digits before they are compared."
            ),
        ),
        "Dantzig (1963); HiGHS, GLPK",
    ),
    (
        Text(zh="贡献率与拉动", en="Contribution and pull"),
        Text(
            zh=(
                "拉动=部门增加值增量÷上年地区生产总值；贡献率=部门增量÷总增量；贡献率×增速=拉动。"
                "显示的数按最大余额法相加到总数。"
            ),
            en=(
                "Pull = increment of a sector over last year's GDP; contribution = its increment over that of"
                " GDP; contribution × growth = pull. Printed digits add up by the largest remainder."
            ),
        ),
        "NBS; Balinski & Young (1982)",
    ),
    (
        Text(zh="概率", en="Probability"),
        Text(
            zh=(
                "有上下限或分布的数，以及全国、全省、本地和部门的年度冲击，一并抽样（随机化拟蒙特卡洛），"
                "同一方案在数千个情形中重算；概率为达到的占比，"
                "标准误来自独立的打乱。"
            ),
            en=(
                "Numbers with bounds or distributions and yearly shocks (national, provincial, own, by"
                " sector) are drawn together (randomised quasi-Monte Carlo) and the plan is simulated in"
                " thousands of futures; a probability is the share that reaches, its error that over"
                " independent scramblings."
            ),
        ),
        "Owen (1998); L'Ecuyer (2018)",
    ),
    (
        Text(zh="存疑", en="Doubt"),
        Text(
            zh="各数移动半个区间对首要目标的影响，一阶近似，由大到小；有抽样时另给方差分解。",
            en=(
                "What half of each number's range does to the first main target, to first order, the largest"
                " first; with draws also a decomposition of variance."
            ),
        ),
        "Saltelli et al. (2008)",
    ),
    (
        Text(zh="缺口分解", en="Gap sheet"),
        Text(
            zh=(
                "按部门：另有增速目标的部门按其目标，其余部门在预计增速上同加若干个百分点，"
                "使总量恰为目标；按成因：逐个去掉项目的预期延误再模拟。两种分法都恰好加总。"
            ),
            en=(
                "By sector: those with a growth row of their own are asked that rate, all others the same"
                " number of points more than expected, so that the whole comes to the target; by cause: the"
                " slip expected is taken from one project at a time. Both divisions add up exactly."
            ),
        ),
        "",
    ),
    (
        Text(zh="项目延期影响", en="Value at risk of projects"),
        Text(
            zh="逐个让未投产的具名项目推迟一季再模拟，报告增速、金额和概率的变动。",
            en=(
                "Each named project not yet commissioned comes a quarter later; changes of growth, money and"
                " probability are reported."
            ),
        ),
        "",
    ),
    (
        Text(zh="方案对照", en="Comparing scenarios"),
        Text(
            zh="两个方案的差异按沙普利值归到各组改动：对所有先后次序取平均，合计恰为差异，无残差。",
            en=(
                "The difference of two scenarios is attributed to groups of changes by Shapley values:"
                " averaged over all orders, adding up exactly."
            ),
        ),
        "Shapley (1953); Shorrocks (2013)",
    ),
    (
        Text(zh="不能回答的", en="What it does not answer"),
        Text(
            zh=(
                "不预测突发政策和一次性事件；挂钩指标按拟合关系推算，只作参考；未公布的数为假定，"
                "写明理由和区间，其中最要紧的列在“结论取决于什么”。"
            ),
            en=(
                "It foretells no sudden policies or single events; linked rows come from fitted relations and"
                " are only indicative; what nobody publishes is an assumption with its reason and range, and"
                " those that matter most stand under what the doubt hangs on."
            ),
        ),
        "",
    ),
)


def method() -> Table:
    """The steps in order, with their source."""
    columns = (
        Column("step", "环节", "Step"),
        Column("how", "做法", "How it is done"),
        Column("source", "依据文献", "Literature"),
    )
    rows = tuple((step, how, source or None) for step, how, source in _STEPS)
    note = Text(
        zh="全部方程与出处见文档“方程”一页。",
        en="Every equation with its source stands in the documentation.",
    )
    return Table("method", Text(zh="方法说明", en="Method"), columns, rows, ("step",), note)
