"""What the definitions of the tools cost a model, for each profile and tool.

Run as `python -m bench.definitions`. A definition is what a client puts before a model: name,
description and input schema, as compact JSON. Its tokens are estimated as characters / 4; real
tokenizers differ by about a third from that in either direction. The default profile may cost at
most 4,000.
"""

import json
import sys
from collections.abc import Sequence

from mcp_tools.code.describing import describe
from mcp_tools.registry import discover
from mcp_tools.types.calls import Profile, Tool

GOAL_TOKENS = 4000
CHARS_A_TOKEN = 4


def main() -> int:
    """Count and print; gives 1 if the default profile costs more than the goal."""
    tools = discover()
    print(table(tools))
    return int(cost_of(tools, Profile.EDIT) > GOAL_TOKENS)


def definition(tool: Tool) -> str:
    """Give what a model is told of a tool, as compact JSON."""
    described = describe(tool)
    told = {
        "name": described["name"],
        "description": described["description"],
        "inputSchema": described["input_schema"],
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def tokens_of(tool: Tool) -> float:
    """Give the estimated cost of one definition."""
    return len(definition(tool)) / CHARS_A_TOKEN


def has_profile(tool: Tool, profile: Profile) -> bool:
    """Tell whether a tool is offered in a profile."""
    return profile is Profile.FULL or profile in tool.profiles


def cost_of(tools: Sequence[Tool], profile: Profile) -> float:
    """Give the estimated cost of all definitions of a profile."""
    return sum(tokens_of(tool) for tool in tools if has_profile(tool, profile))


def table(tools: Sequence[Tool]) -> str:
    """Give the figures as lines: tools, then profiles."""
    lines = [f"{'tool':20} {'tokens':>6}  profiles"]
    for tool in tools:
        names = " ".join(profile for profile in Profile if has_profile(tool, profile))
        lines.append(f"{tool.name:20} {tokens_of(tool):6.0f}  {names}")
    lines.append("")
    for profile in Profile:
        n_tools = sum(has_profile(tool, profile) for tool in tools)
        cost = cost_of(tools, profile)
        goal = f" (goal: at most {GOAL_TOKENS})" if profile is Profile.EDIT else ""
        lines.append(f"{profile:20} {cost:6.0f}  {n_tools} tools{goal}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
