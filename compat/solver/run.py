"""Holds the plans of `season-cases` against OR-tools: that every plan is possible by the rules as they are written
here, that its objective is what it says, and how far it is from the best there is.

Usage: run.py [SECONDS]. SECONDS bound each question to OR-tools (10). Prints a line a group; fails where a plan is
impossible, a plan called exact is not the best, a bound is no bound, or a plan is further from the best than allowed.
"""

import json
import os
import subprocess
import sys
import time

from ortools.sat.python import cp_model

PROGRAM = os.environ.get("ANCHORPOINT_SEASON_CASES", ".build/debug/season-cases")

# Name; count, first seed, guides, trips, days, effort; places that may be missing and unevenness allowed above the best.
GROUPS = [
    ("4 guides, 8 trips", [12, 1, 4, 8, 14, 400], 0, 1.0),
    ("6 guides, 16 trips", [6, 40, 6, 16, 30, 1000], 0, 1.01),
    ("10 guides, 40 trips", [3, 80, 10, 40, 60, 1000], 0, 1.03),
]


class Season:
    """A case with the rules worked out: who can fill what, and what no guide can do together."""

    def __init__(self, case):
        self.case, self.rules, self.guides = case, case["rules"], case["guides"]
        self.spans = [trip["span"] for trip in case["trips"]]
        self.places = [
            (index, need)
            for index, trip in enumerate(case["trips"])
            for need in trip["needs"]
            for _ in range(need["count"])
        ]

    def minutes(self, one, other):
        return self.rules["drives"].get(" ".join(sorted([one["place"], other["place"]])), 0)

    def too_near(self, one, other):
        """Whether two trips overlap, or lie nearer than turnaround and the road."""
        apart = max(other["start"] - one["end"], one["start"] - other["end"])
        road = 0 if one["place"] == other["place"] else self.minutes(one, other)
        return apart < 0 or apart < 60 * (self.rules["turnaround"] + road)

    def able(self, guide, place):
        index, need = place
        span = self.spans[index]
        if need["role"] not in guide["roles"]:
            return False
        for kind in need["qualifications"]:
            if kind not in guide["qualifications"]:
                return False
            end = guide["qualifications"][kind]
            if end is not None and end < span["last"]:
                return False
        if any(start < span["end"] and span["start"] < end for start, end in guide["busy"]):
            return False
        return not any(self.too_near(span, own) for own in guide["trips"])

    def free_days(self, one, other):
        return max(other["first"] - one["last"] - 1, 0)

    def rest_fails(self, trips):
        """Whether trips of one guide leave too few whole free days between two long ones that follow each other."""
        worked = {day for span in trips for day in range(span["first"], span["last"] + 1)}
        long = sorted((s for s in trips if s["last"] > s["first"]), key=lambda s: s["first"])
        for one, other in zip(long, long[1:]):
            gap = set(range(one["last"] + 1, other["first"]))
            if len(gap - worked) < self.rules["rest"]:
                return True
        return False

    def measure(self, plan):
        """Places filled, squares of days and of nights; raises where the plan is impossible."""
        ids = {guide["id"]: index for index, guide in enumerate(self.guides)}
        trips = {case["span"]["id"]: index for index, case in enumerate(self.case["trips"])}
        own = [list(guide["trips"]) for guide in self.guides]
        open_needs = {index: [dict(need) for need in trip["needs"]] for index, trip in enumerate(self.case["trips"])}
        for trip, role, guide in plan["proposals"]:
            index, who = trips[trip], ids[guide]
            need = next((n for n in open_needs[index] if n["role"] == role and n["count"] > 0), None)
            if need is None:
                raise AssertionError(f"{trip} has no open place for role {role}")
            need["count"] -= 1
            if not self.able(self.guides[who], (index, need)):
                raise AssertionError(f"{guide} cannot take {role} of {trip}")
            if any(self.too_near(self.spans[index], other) for other in own[who]):
                raise AssertionError(f"{guide} has a trip too near to {trip}")
            own[who].append(self.spans[index])
        for guide, spans in zip(self.guides, own):
            if self.rules["rest"] and self.rest_fails(spans):
                raise AssertionError(f"{guide['id']} has too little rest")
        days = [g["days"] + sum(s["last"] - s["first"] + 1 for s in spans) for g, spans in zip(self.guides, own)]
        nights = [g["nights"] + sum(s["last"] - s["first"] for s in spans) for g, spans in zip(self.guides, own)]
        return [len(plan["proposals"]), sum(d * d for d in days), sum(n * n for n in nights)]


class Best:
    """The same question as a model of OR-tools, solved for one aim after the other."""

    def __init__(self, season, seconds):
        self.season, self.seconds = season, seconds
        self.model = cp_model.CpModel()
        self.takes = {}
        for number, place in enumerate(season.places):
            for who, guide in enumerate(season.guides):
                if season.able(guide, place):
                    self.takes[number, who] = self.model.NewBoolVar("")
            self.model.AddAtMostOne(v for (p, _), v in self.takes.items() if p == number)
        for who in range(len(season.guides)):
            self.guide(who)

    def guide(self, who):
        season, model = self.season, self.model
        does = {}
        for (number, guide), variable in self.takes.items():
            if guide == who:
                does.setdefault(season.places[number][0], []).append(variable)
        on = {}
        for index, variables in does.items():
            model.AddAtMostOne(variables)
            on[index] = sum(variables)
        indices = sorted(on)
        for at, one in enumerate(indices):
            for other in indices[at + 1 :]:
                if season.too_near(season.spans[one], season.spans[other]):
                    model.Add(on[one] + on[other] <= 1)
        if season.rules["rest"]:
            spans = [(season.spans[index], on[index]) for index in indices]
            spans += [(span, 1) for span in season.guides[who]["trips"]]
            self.rest(spans)

    def rest(self, spans):
        """Between two long trips with no long one among them, enough days without a short one."""
        season, model, needed = self.season, self.model, self.season.rules["rest"]
        long = [s for s in spans if s[0]["last"] > s[0]["first"]]
        short = [s for s in spans if s[0]["last"] == s[0]["first"]]
        for one, does_one in long:
            for other, does_other in long:
                if one is other or other["first"] < one["first"]:
                    continue
                gap = range(one["last"] + 1, other["first"])
                within = [s for s in short if s[0]["first"] in gap]
                if len(gap) - len({s["first"] for s, _ in within}) >= needed:
                    continue
                among = [does for s, does in long if s is not one and s is not other and one["first"] <= s["first"] <= other["first"]]
                worked = []
                for day in {s["first"] for s, _ in within}:
                    is_worked = model.NewBoolVar("")
                    for s, does in within:
                        if s["first"] == day:
                            model.Add(does <= is_worked)
                    worked.append(is_worked)
                # Free days, made up for where one of the two trips is not taken or another long one lies between.
                slack = needed * (2 - does_one - does_other) + needed * sum(among)
                model.Add(len(gap) - sum(worked) + slack >= needed)

    def squares(self, part, length):
        """The sum of squares of everybody's days or nights, as a variable each."""
        total = []
        for who, guide in enumerate(self.season.guides):
            start = guide[part] + sum(length(span) for span in guide["trips"])
            taken = [
                length(self.season.spans[self.season.places[number][0]]) * variable
                for (number, g), variable in self.takes.items()
                if g == who
            ]
            most = start + sum(
                length(self.season.spans[self.season.places[number][0]]) for (number, g) in self.takes if g == who
            )
            amount = self.model.NewIntVar(0, most, "")
            self.model.Add(amount == start + sum(taken))
            square = self.model.NewIntVar(0, most * most, "")
            self.model.AddMultiplicationEquality(square, [amount, amount])
            total.append(square)
        return sum(total)

    def solve(self, plan):
        """For each aim: the best found, and what none can beat."""
        takes = list(self.takes.values())
        aims = [
            (sum(takes), False),
            (self.squares("days", lambda s: s["last"] - s["first"] + 1), True),
            (self.squares("nights", lambda s: s["last"] - s["first"]), True),
        ]
        found, limits, proven = [], [], True
        for aim, is_least in aims:
            self.model.Minimize(aim) if is_least else self.model.Maximize(aim)
            solver = cp_model.CpSolver()
            solver.parameters.max_time_in_seconds = self.seconds
            solver.parameters.num_workers = 2
            status = solver.Solve(self.model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                raise AssertionError(f"OR-tools finds no plan: {solver.StatusName(status)}")
            value = round(solver.ObjectiveValue())
            found.append(value)
            limits.append(round(solver.BestObjectiveBound()))
            proven = proven and status == cp_model.OPTIMAL
            self.model.Add(aim <= value) if is_least else self.model.Add(aim >= value)
            self.model.ClearHints()
            for variable in takes:
                self.model.AddHint(variable, solver.Value(variable))
        return found, limits, proven


def key(objective):
    """Smaller is better."""
    return [-objective[0], objective[1], objective[2]]


def hold(name, season, plan, seconds, missing, uneven):
    """One plan against the best; the ratio of unevenness where both fill as much."""
    measured = season.measure(plan)
    if measured != plan["objective"]:
        raise AssertionError(f"{name}: the plan says {plan['objective']} and is {measured}")
    best, limits, proven = Best(season, seconds).solve(plan)
    if proven:
        if plan["exact"] and measured != best:
            raise AssertionError(f"{name}: called exact with {measured}, but {best} exists")
        if key(plan["bound"]) > key(best):
            raise AssertionError(f"{name}: the bound {plan['bound']} is above {best}")
        if key(measured) < key(best):
            raise AssertionError(f"{name}: {measured} is better than the best, {best}: the rules differ")
    if measured[0] + missing < best[0]:
        raise AssertionError(f"{name}: {measured[0]} places filled of {best[0]} possible")
    ratio = measured[1] / max(best[1], 1) if measured[0] == best[0] else 1.0
    if ratio > uneven:
        raise AssertionError(f"{name}: unevenness {measured[1]} beside {best[1]}")
    return measured, best, proven


def control(season, plan):
    """A plan with somebody on two trips at once must be seen."""
    for trip in season.case["trips"]:
        for other in season.case["trips"]:
            if trip is not other and season.too_near(trip["span"], other["span"]):
                for guide in season.guides:
                    wrong = [[t["span"]["id"], t["needs"][0]["role"], guide["id"]] for t in (trip, other)]
                    try:
                        season.measure(dict(plan, proposals=wrong))
                    except AssertionError:
                        continue
                    raise AssertionError("the control was not seen: a guide on two trips at once")
                return


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    failed = 0
    for name, arguments, missing, uneven in GROUPS:
        begin, same, exact, proven = time.monotonic(), 0, 0, 0
        output = subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True, text=True).stdout
        lines = output.splitlines()
        for number, line in enumerate(lines):
            case = json.loads(line)
            season, plan = Season(case), case["plan"]
            try:
                control(season, plan)
                measured, best, is_proven = hold(f"{name}, case {number}", season, plan, seconds, missing, uneven)
                same += measured == best
                exact += plan["exact"]
                proven += is_proven
                if measured != best:
                    print(f"  case {number}: {measured}, OR-tools {best}{'' if is_proven else ' so far'}")
            except AssertionError as problem:
                print(f"  {problem}")
                failed += 1
        print(
            f"{name}: {len(lines)} seasons, {same} as OR-tools, {exact} called exact, {proven} proven by OR-tools;"
            f" {time.monotonic() - begin:.1f} s"
        )
    if failed:
        sys.exit(f"{failed} plans failed")


if __name__ == "__main__":
    main()
