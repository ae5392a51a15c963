"""The engine that proposes comparisons: which claims speak of the same matter, how they stand to each other, and why.

Each rule looks for one ground and names the claims, the result (scheme comparison-result) and the reason. The rules
know kinds, roles, units, days and bounds; none knows a claim, an enterprise or a number.
"""

from __future__ import annotations

from kg import figure_rules, situation_rules
from kg.comparable import Matter
from kg.proposals import REASONS, Proposal, Rule

RULES: tuple[Rule, ...] = (
    figure_rules.headlines,
    figure_rules.same_thing,
    figure_rules.later_dates,
    figure_rules.different_populations,
    figure_rules.targets,
    figure_rules.sums,
    figure_rules.counterparts,
    situation_rules.same_event,
    situation_rules.same_relation,
    situation_rules.posts,
    situation_rules.policy_documents,
    situation_rules.like_events,
    situation_rules.calls,
)


def propose(matter: Matter) -> list[Proposal]:
    """All proposals, those that people should look at first before the others; none twice, no pair of a sum again."""
    found = list(dict.fromkeys(proposal for rule in RULES for proposal in rule(matter)))
    sums = [set(proposal.claims) for proposal in found if proposal.reason == "sum-of-parts"]
    kept = [p for p in found if p.reason == "sum-of-parts" or not any(set(p.claims) <= parts for parts in sums)]
    order = list(REASONS)
    return sorted(kept, key=lambda p: (order.index(p.reason), p.claims))
