"""Provinces (GB/T 2260, the first two digits) and sections of industry (GB/T 4754-2017, from the division's number)."""

from __future__ import annotations

PROVINCES = {
    "11": ("北京", "Beijing"), "12": ("天津", "Tianjin"), "13": ("河北", "Hebei"), "14": ("山西", "Shanxi"),
    "15": ("内蒙古", "Inner Mongolia"), "21": ("辽宁", "Liaoning"), "22": ("吉林", "Jilin"),
    "23": ("黑龙江", "Heilongjiang"), "31": ("上海", "Shanghai"), "32": ("江苏", "Jiangsu"),
    "33": ("浙江", "Zhejiang"), "34": ("安徽", "Anhui"), "35": ("福建", "Fujian"), "36": ("江西", "Jiangxi"),
    "37": ("山东", "Shandong"), "41": ("河南", "Henan"), "42": ("湖北", "Hubei"), "43": ("湖南", "Hunan"),
    "44": ("广东", "Guangdong"), "45": ("广西", "Guangxi"), "46": ("海南", "Hainan"), "50": ("重庆", "Chongqing"),
    "51": ("四川", "Sichuan"), "52": ("贵州", "Guizhou"), "53": ("云南", "Yunnan"), "54": ("西藏", "Tibet"),
    "61": ("陕西", "Shaanxi"), "62": ("甘肃", "Gansu"), "63": ("青海", "Qinghai"), "64": ("宁夏", "Ningxia"),
    "65": ("新疆", "Xinjiang"), "71": ("台湾", "Taiwan"), "81": ("香港", "Hong Kong"), "82": ("澳门", "Macao"),
}  # fmt: skip
INDUSTRIES = {
    "A": ("农、林、牧、渔业", "Agriculture, forestry, fishing"),
    "B": ("采矿业", "Mining"),
    "C": ("制造业", "Manufacturing"),
    "D": ("电力、热力、燃气及水", "Electricity, heat, gas, water"),
    "E": ("建筑业", "Construction"),
    "F": ("批发和零售业", "Wholesale and retail"),
    "G": ("交通运输、仓储和邮政业", "Transport, storage, post"),
    "H": ("住宿和餐饮业", "Hotels and catering"),
    "I": ("信息传输、软件和信息技术服务业", "Information and software"),
    "J": ("金融业", "Finance"),
    "K": ("房地产业", "Real estate"),
    "L": ("租赁和商务服务业", "Leasing and business services"),
    "M": ("科学研究和技术服务业", "Research and technical services"),
    "N": ("水利、环境和公共设施管理业", "Water, environment, public facilities"),
    "O": ("居民服务、修理和其他服务业", "Household services and repair"),
    "P": ("教育", "Education"),
    "Q": ("卫生和社会工作", "Health and social work"),
    "R": ("文化、体育和娱乐业", "Culture, sports, entertainment"),
    "S": ("公共管理、社会保障和社会组织", "Public administration"),
    "T": ("国际组织", "International organisations"),
}
_LAST_DIVISIONS = (
    (5, "A"), (12, "B"), (43, "C"), (46, "D"), (50, "E"), (52, "F"), (60, "G"), (62, "H"), (65, "I"), (69, "J"),
    (70, "K"), (72, "L"), (75, "M"), (79, "N"), (82, "O"), (83, "P"), (85, "Q"), (90, "R"), (96, "S"), (97, "T"),
)  # fmt: skip


def section_of(industry_code: str) -> str | None:
    """The section's letter of an industry's code, which begins with its division; None when it is no code."""
    division = industry_code[:2]
    if not (len(division) == 2 and division.isdecimal() and division.isascii() and int(division)):
        return None
    return next((letter for last, letter in _LAST_DIVISIONS if int(division) <= last), None)
