"""xladdin rules: the handbook of rules."""

from __future__ import annotations

import argparse

from ..errors import XladdinError
from ..files import user_folder
from ..profiles import profile
from ..rules.finding import LEVELS
from ..rules.handbook import MANUAL, all_rules, rules_under, subjects
from .console import OK, print_json
from .parser import command, json_option, profile_option, year
from .table import table


def register(commands: argparse._SubParsersAction) -> None:
    """Add the command."""
    parser = command(commands, "rules", "列出核对规则，或看一条规则的依据和例子")
    parser.add_argument("code", metavar="编号", nargs="?", help="规则编号，如 X-09")
    profile_option(parser, "默认上海")
    parser.add_argument("--year", metavar="年度", type=year, help="看这一年的表用哪些规则（默认最新）")
    json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The handbook, or one rule, as it holds under the profile at hand."""
    used = profile(arguments.profile, arguments.year, user_folder())
    wanted = (arguments.code or "").upper()
    found = [(subject, one) for subject, one in rules_under(used, arguments.year) if wanted in ("", one.code)]
    manual = [matter for matter in MANUAL if wanted in ("", matter.code)]
    if not found and not manual:
        if any(one.code == wanted for _, one in all_rules()):
            what = f"规则 {wanted} 不用于这里的表（{used.label}）"
            raise XladdinError(what, advice="请用 --profile、--year 选用它的地区和年度")
        raise XladdinError(f"没有编号为“{arguments.code}”的规则", advice="运行 xladdin rules 可看全部规则")
    if arguments.json:
        listed = [
            {"code": one.code, "title": one.title, "level": one.level, "subject": subjects()[subject], "says": one.says,
             "basis": one.basis, "advice": one.advice, "wrong": one.wrong, "right": one.right}
            for subject, one in found
        ]  # fmt: skip
        print_json(listed)
    elif wanted:
        for subject, one in found:
            print(
                f"{one.code}  {one.title}（{subjects()[subject]}，{LEVELS[one.level]}）\n\n{one.says}\n\n"
                f"依据：{one.basis}\n错：{one.wrong}\n对：{one.right}\n怎么办：{one.advice}"
            )
        for matter in manual:
            print(f"{matter.code}  {matter.title}（人工核对）\n\n{matter.why}")
    else:
        rows = [(one.code, subjects()[subject], LEVELS[one.level], one.title, one.basis) for subject, one in found]
        print(table(("编号", "核对什么", "级别", "标题", "依据"), rows, limit=60))
        print(f"\n按{used.name}的规则（{used.since} 起）；别的地区、年度请加 --profile、--year。\n要人工核对的：")
        print("\n".join(f"  {matter.code}  {matter.title}：{matter.why}" for matter in manual))
        print("\n看一条的说明和例子：xladdin rules 编号")
    return OK
