"""A city of three sectors with one project: nothing in it is out of the ordinary."""

CITY = """\
dabiao: 1
extends: example:china-2023/priors.yaml
title: {zh: 某市, en: A city}
years: {base: 2023, target: 2024}
assumption: invented
accounts: {gdp: 1000, fai: 500, household_consumption: 350, government_consumption: 130, transfers: 90}
sectors:
  agriculture: {model: agriculture, title: {zh: 农业, en: Agriculture}, national: primary, va: 100}
  industry: {model: industry, title: {zh: 工业, en: Industry}, national: industry, va: 480}
  services: {model: services, title: {zh: 服务业, en: Services}, national: tertiary, va: 420}
investment: {growth: 6}
projects:
  works:
    title: {zh: 电池厂, en: Battery works}
    sector: industry
    invest: 60
    stage: approved
    start: "2024-03"
    adds: {output: 80}
mixes:
  plan: {title: {zh: 计划, en: Plan}, shares: {agriculture: 3, industry: 47, services: 50}}
limits:
  money: {title: {zh: 投资总量, en: Total investment}, on: investment, max: 530, relax_to: 5600000, price: 1}
targets:
  gdp_growth: {ensure: 5, stretch: 6, main: true}
  output: {title: {zh: 工业产值, en: Industrial output}, indicator: output_value, covers: [industry], ensure: 1800}
"""  # noqa: E501
