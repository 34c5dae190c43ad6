"""Keys and fixed words of a scenario as Chinese planners say them (中文键名): what to suggest where one of them is written."""

from __future__ import annotations

# Chinese word -> keys it may stand for; the first that is allowed in the place is suggested.
KEYS: dict[str, tuple[str, ...]] = {
    "确保": ("ensure",), "力争": ("stretch",), "不超过": ("at_most", "max"), "控制在": ("at_most",), "上限": ("max", "at_most", "high"), "下限": ("min", "low"),
    "储备": ("planned",), "谋划": ("planned",), "拟建": ("planned",), "立项": ("approved",), "已立项": ("approved",), "已批复": ("approved",), "核准": ("approved",),
    "开工": ("started", "start"), "已开工": ("started",), "在建": ("started",), "续建": ("started",), "纳统": ("registered",), "已纳统": ("registered",), "入库": ("registered",),
    "投产": ("commissioned", "finish"), "已投产": ("commissioned",), "竣工": ("commissioned", "finish"), "建成": ("commissioned",),
    "目标": ("targets", "target"), "部门": ("sectors", "sector"), "行业": ("sectors", "sector"), "项目": ("projects",), "重点项目": ("projects",),
    "约束": ("limits",), "限制": ("limits",), "结构": ("mixes",), "投资结构": ("mixes",), "账户": ("accounts",), "年份": ("years",), "标题": ("title",), "名称": ("title",),
    "地区生产总值": ("gdp", "gdp_growth"), "生产总值": ("gdp", "gdp_growth"), "固定资产投资": ("fai", "fai_growth"), "增加值": ("va",), "投资": ("investment", "invest"),
    "总投资": ("invest",), "增速": ("growth",), "份额": ("shares",), "占比": ("shares",), "阶段": ("stage",), "进度": ("stage",), "工期": ("months",), "产值": ("output",),
    "来源": ("source", "sources"), "出处": ("source", "sources"), "假定": ("assumption",), "假设": ("assumption",), "备注": ("note",), "说明": ("note",), "单位": ("unit",),
    "基年": ("base",), "目标年": ("target",), "主要": ("main",), "资金": ("funds", "fund"),
}
