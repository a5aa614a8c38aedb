"""What the projects are about: goals and the 三级指标 each may set, as a budget office would write them."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = {
    "数量": ("产出指标", "数量指标"),
    "质量": ("产出指标", "质量指标"),
    "时效": ("产出指标", "时效指标"),
    "经济": ("效益指标", "经济效益指标"),
    "社会": ("效益指标", "社会效益指标"),
    "生态": ("效益指标", "生态效益指标"),
    "持续": ("效益指标", "可持续影响指标"),
    "满意": ("满意度指标", "服务对象满意度指标"),
    "成本": ("成本指标", "经济成本指标"),
}
GROUPS = {"产出": "数量 质量 时效", "效益": "经济 社会 生态 持续", "满意度": "满意", "成本": "成本"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A 三级指标 that may be set. style: count, rate, points, days, price, zero, words, date, total or spent.

    low and high bound the target of a figure; `unit` is its unit, or the wording of `words`; `told`: how a
    report tells of it without its name, {} for the figure.
    """

    level: str
    name: str
    style: str
    unit: str = ""
    low: int = 0
    high: int = 0
    told: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A field of work: whose it is, its projects, what they aim at, what they are measured by."""

    department: str
    unit: str
    projects: tuple[str, ...]
    goals: tuple[str, ...]
    kinds: tuple[Kind, ...]


def theme_of(text: str) -> Theme:
    """A head line (主管 实施 项目…), the goals, then a line a Kind: level name style unit low high told."""
    head, goals, *rows = text.strip().splitlines()
    department, unit, *projects = head.split()
    kinds = []
    for level, name, style, *rest in map(str.split, rows):
        bounds = [int(word) for word in rest[1:] if word.isdigit()]
        told = rest[-1] if len(rest) > 1 and not rest[-1].isdigit() else ""
        kinds.append(Kind(level, name, style, rest[0] if rest else "", *bounds, told=told))
    return Theme(department, unit, tuple(projects), tuple(goals.split()), tuple(kinds))


COSTS = (
    Kind("成本", "项目总成本", "total"),
    Kind("成本", "成本控制率", "spent"),
)

THEMES = tuple(
    map(
        theme_of,
        (
            """
区民政局 区养老服务指导中心 社区居家养老服务 老年人助餐服务（社区食堂）
为居家老年人提供助餐、助洁和上门照护，减轻家庭照护压力。 推进困难老年人家庭适老化改造，消除居家安全隐患。 规范养老服务机构管理，形成政府主导、社会参与的服务格局。 持续完善居家、社区、机构相协调的养老服务体系，让老年人在家门口安享晚年。
数量 助餐服务人次 count 人次 8000 60000
数量 适老化改造户数 count 户 30 200
数量 养老护理员培训场次 count 场 6 40
质量 适老化改造验收合格率 rate % 95 100
质量 服务对象资格审核准确率 rate % 97 100
时效 助餐补贴发放及时率 rate % 95 100
时效 适老化改造完工时间 date
时效 服务申请受理时限 days 个工作日 4 10
社会 独居老年人服务覆盖率 rate % 70 95
社会 家庭照护负担减轻情况 words 明显减轻
社会 有责投诉起数 zero 起
持续 养老服务管理制度健全性 words 健全
满意 老年人满意度 rate % 85 95
满意 老年人家属满意度 rate % 85 95
成本 助餐单位补贴成本 price 元/人次 6 20
""",
            """
市卫生健康委员会 市健康促进中心 家庭健康促进行动 居民健康素养提升（科普宣传）
面向社区居民普及健康知识，倡导健康文明的生活方式。 组织家庭健康指导员培训，把服务送进村居和家庭。 以重要健康主题日为节点开展宣传，扩大社会影响。 建立覆盖城乡的健康科普网络，使居民健康素养水平稳步提高。
数量 健康讲座举办场次 count 场 20 120
数量 健康科普手册印制份数 count 份 3000 50000
数量 家庭健康指导员培训人数 count 人 300 6000
数量 健康主题直播观看人次 count 人次 12000 300000
质量 培训考核平均得分 points 分 80 92
质量 科普内容审核通过率 rate % 96 100
时效 讲座按计划开展及时率 rate % 92 100
时效 科普手册交付时间 date
社会 居民健康知识知晓率 rate % 75 92
社会 群众健康意识提升情况 words 有效提升
持续 健康科普长效机制建立情况 words 建立健全
满意 参与居民满意度 rate % 85 95
满意 受训指导员满意度 rate % 85 95
成本 人均培训成本 price 元/人 120 400
""",
            """
市文化和旅游局 市群众艺术馆 公共文化配送 群众文艺创作与展演（年度）
把优秀演出和展览配送到街镇社区，丰富群众文化生活。 扶持群众文艺团队和原创作品，搭建展示平台。 开展公益艺术普及，提升市民艺术素养。 打造有影响力的群众文化品牌，推动公共文化服务均衡发展。
数量 文艺演出配送场次 count 场 40 300
数量 公益展览举办次数 count 次 5 40
数量 艺术普及课程节数 count 节 100 900
数量 原创作品扶持数量 count 件 10 60
质量 演出节目审查合格率 rate % 97 100
质量 作品评审平均得分 points 分 80 90
时效 配送活动按期完成率 rate % 90 100
时效 成果展演完成时间 date
社会 活动惠及群众人次 count 人次 15000 250000
社会 市民文化参与热情提升情况 words 明显提升
经济 带动周边消费情况 words 有所带动
持续 群文团队自主运营能力 words 持续增强
满意 观众满意度 rate % 86 96
满意 街镇配送单位满意度 rate % 85 95
成本 单场演出平均成本 price 元/场 3000 12000
""",
            """
区人力资源和社会保障局 区就业促进中心 职业技能提升培训 重点群体就业帮扶
组织企业职工和失业人员参加技能培训，提高就业能力。 开展专场招聘和就业指导，促进重点群体就业。 落实稳岗扶持政策，保持就业局势总体稳定。 构建覆盖全体劳动者的终身职业技能培训制度，推动实现更加充分的就业。
数量 技能培训人次 count 人次 1200 20000
数量 专场招聘会场次 count 场 10 60
数量 职业指导服务人次 count 人次 2000 15000
质量 培训结业考核通过率 rate % 85 96
质量 培训补贴审核准确率 rate % 97 100
时效 培训补贴拨付及时率 rate % 95 100
时效 年度培训计划完成时间 date
社会 参训人员就业率 rate % 60 85
社会 群体性上访事件 zero 起
经济 劳动者增收情况 words 稳步增收
持续 校企合作机制运行情况 words 运行良好
满意 参训学员满意度 rate % 85 95
满意 用人单位满意度 rate % 85 94
成本 人均补贴标准 price 元/人 600 1800
""",
            """
市交通运输局 市公路养护中心 普通公路日常养护 农村公路提升改造（二期）
完成辖区公路日常巡查与小修保养，保障通行安全。 对破损路段实施修复，提升路面平整度。 加强桥隧检测和隐患治理，提高防灾能力。 建设畅通、安全、舒适、优美的公路网，支撑区域经济社会发展。
数量 日常养护里程 count 公里 120 900
数量 路面修复面积 count 平方米 12000 90000
数量 桥梁定期检测座数 count 座 20 160
质量 养护工程质量合格率 rate % 95 100
质量 优良路率 rate % 80 94
时效 养护任务按时完成率 rate % 92 100
时效 路面修复完工时间 date
时效 坑槽修补响应时限 days 小时 24 72
社会 较大安全责任事故 zero 起
社会 公路通行条件改善情况 words 明显改善
生态 施工扬尘控制达标率 rate % 90 98
持续 养护管理制度完善情况 words 完善
满意 过往司乘人员满意度 rate % 82 92
成本 每公里养护成本 price 元/公里 9000 40000
""",
            """
区水务局 区河道管理所 河道综合整治与保洁 河湖长制巡查管护
落实河道日常保洁和绿化养护，保持水面清洁。 对重点河段清淤疏浚，改善水动力条件。 组织河长巡河和水质监测，及时处置问题。 巩固消除劣五类水体成果，建设人水和谐的水环境。
数量 河道保洁长度 count 公里 60 400
数量 清淤疏浚土方量 count 立方米 15000 120000
数量 水质监测次数 count 次 48 360
质量 疏浚工程验收合格率 rate % 96 100
质量 监测数据有效率 rate % 95 100
时效 问题整改按期完成率 rate % 90 100
时效 疏浚工程完工时间 date
社会 沿河居民投诉率 zero %
生态 河道断面水质达标率 rate % 80 95
生态 河道水环境改善情况 words 持续改善
持续 河道管护机制落实情况 words 落实到位
满意 沿河居民满意度 rate % 82 93
成本 每公里保洁成本 price 元/公里 8000 30000
""",
            """
区残疾人联合会 区残疾人综合服务中心 残疾人补贴与康复服务 困难残疾人生活保障
按标准发放各类残疾人补贴，保障基本生活。 为有需求的残疾人提供康复训练和辅具适配。 开展就业帮扶和文化活动，促进残疾人融入社会。 健全残疾人社会保障和服务体系，不断改善残疾人生活品质。
数量 补贴发放人次 count 人次 1500 26000
数量 无障碍设施改造户数 count 户 12 90
数量 辅助器具适配件数 count 件 200 2500
质量 补贴发放准确率 rate % 97 100
质量 补助发放准确率 rate % 92 96
质量 补贴发放准确性 words 准确
质量 无障碍改造验收合格率 rate % 95 100
时效 补贴按月发放及时率 rate % 94 100
时效 无障碍改造完工时间 date
社会 残疾人基本生活保障情况 words 有效保障
社会 康复服务覆盖率 rate % 80 97
社会 有责信访起数 zero 起
持续 残疾人信息档案管理情况 words 规范
满意 残疾人及其家属满意度 rate % 85 95
成本 户均改造成本 price 元/户 4000 12000
""",
            """
市大数据中心 市电子政务运维中心 政务信息系统运行维护 一网通办平台升级（2.0）
保障政务信息系统稳定运行，及时排除各类故障。 优化平台功能和办事流程，方便企业群众办事。 落实网络安全等级保护，防范数据安全风险。 形成集约高效的数字政务支撑体系，助力政府治理现代化。
数量 运维系统数量 count 个 6 40
数量 系统巡检次数 count 次 52 365
数量 在线办理事项件数 count 件 15000 400000
质量 系统可用率 rate % 95 99
质量 运维工单办结率 rate % 94 100
质量 功能测试平均得分 points 分 82 94
时效 故障响应时限 days 分钟 20 60
时效 平台升级上线时间 date
社会 重大网络安全事件 zero 起
社会 企业群众办事便利程度 words 显著提升
经济 节约重复建设投入情况 words 有效节约
持续 运维管理制度健全程度 words 健全
满意 平台用户满意度 rate % 86 96
满意 使用部门满意度 rate % 86 95
成本 单系统年均运维成本 price 元/个 20000 90000
""",
        ),
    )
)
