"""Causes of doubt in words: the groups that inputs belong to (不确定性的来源)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine.doubt.causes import LUCK, SECTOR
from ..models.quantity import Text

if TYPE_CHECKING:
    from .setting import Setting

CAUSES: dict[str, Text] = {
    "national": Text(zh="全国经济", en="national economy"),
    "province": Text(zh="全省经济", en="province"),
    "own": Text(zh="本地全局性因素", en="the region's own luck"),
    "chain_prices": Text(zh="产业链产品价格", en="prices of the chain"),
    "markets": Text(zh="市场趋势", en="market trends"),
    "prices": Text(zh="价格指数", en="price levels"),
    "timing": Text(zh="项目推迟与工期", en="project slippage and durations"),
    "projects": Text(zh="项目规模", en="size of projects"),
    "money": Text(zh="投资总量", en="amount of investment"),
    "demand": Text(zh="居民与政府消费", en="household and government demand"),
    "land": Text(zh="农业面积与单产", en="farm area and yields"),
    "capacity": Text(zh="产能与投资产出", en="capacity and what investment yields"),
    "relations": Text(zh="挂钩关系残差", en="residuals of linked relations"),
    "links": Text(zh="投入产出与基年账户", en="links and accounts"),
    LUCK: Text(zh="项目取消与未具名项目的差异", en="cancelled projects and differences of unnamed ones"),
    "other": Text(zh="其他", en="other"),
    "": Text(zh="其余（交互作用等）", en="rest (interactions and the like)"),
}
GROUPS: dict[str, Text] = {
    "primary": Text(zh="第一产业", en="primary industry"),
    "secondary": Text(zh="第二产业", en="secondary industry"),
    "tertiary": Text(zh="第三产业", en="tertiary industry"),
}


def cause_text(setting: Setting, cause: str) -> Text:
    """A cause in words; the shock of a sector or group by its title."""
    if not cause.startswith(SECTOR):
        return CAUSES.get(cause, CAUSES["other"])
    key = cause.removeprefix(SECTOR)
    scenario = setting.scenario
    stated = scenario.sectors.get(key) or scenario.national.classes.get(key)
    title = stated.title if stated else GROUPS.get(key, Text(zh=key, en=key.replace("_", " ")))
    return Text(zh=f"{title.of('zh')}冲击", en=f"shock to {title.of('en')}")
