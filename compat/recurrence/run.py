#!/usr/bin/env python3
"""Recurrence beside python-dateutil and libical on random rules; every difference is explained by RFC 5545 or fails.

Usage: run.py [RULES [SEED]]   (3000, 1)
An explanation is no licence: the answer that the RFC's words give is worked out (rfc.py), and ours must be that.
ANCHORPOINT_RECURRENCE_DRIVER: the program that answers for us; default .build/debug/recurrence-driver.
Prints counts; exits 1 where a difference is not explained, or where a planted fault is not found.
"""
import collections, ctypes, datetime, multiprocessing, os, random, signal, subprocess, sys, tempfile, warnings, zoneinfo

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import explanations, rfc, rules
from dateutil import rrule
from rules import compact

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
driver = os.environ.get("ANCHORPOINT_RECURRENCE_DRIVER", root + "/.build/debug/recurrence-driver")
EPOCH = datetime.datetime(1970, 1, 1)
UTC = datetime.timezone.utc
SPARE = 12  # What exceptions and clock changes may take away of an oracle's answer.
form = "%Y%m%dT%H%M%S"


class OutOfTime(Exception):
    pass


def instant(wall, zone):
    """§3.3.5: a time in a gap is read with the offset before it, one that occurs twice means the first: Python's fold=0."""
    return int((wall - wall.replace(tzinfo=zone).utcoffset() - EPOCH).total_seconds())


def end_of(case):
    """The last instant that UNTIL allows, and a wall time after every one it allows."""
    text, zone = case.parts.get("UNTIL"), zoneinfo.ZoneInfo(case.zone)
    if not text:
        return float("inf"), case.horizon
    time = datetime.datetime.strptime(text.rstrip("Z"), form if "T" in text else "%Y%m%d")
    if text.endswith("Z"):
        return int((time - EPOCH).total_seconds()), time.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) + rfc.DAY
    return instant(time, zone), time


def allows(case):
    """Whether UNTIL allows a wall time that a rule names."""
    zone, (last, last_wall) = zoneinfo.ZoneInfo(case.zone), end_of(case)
    if case.parts.get("UNTIL", "").endswith("Z"):
        return lambda wall: wall == case.start or instant(wall, zone) <= last
    return lambda wall: wall == case.start or wall <= last_wall


def finish(case, walls, with_lists):
    """The instants of wall times that a rule names, each once, ascending: UNTIL and EXDATE applied, and RDATE where it
    has not been."""
    zone, is_allowed = zoneinfo.ZoneInfo(case.zone), allows(case)
    first = instant(case.start, zone)  # DTSTART is the first instance, also where the clock never showed it.
    named = {instant(wall, zone) for wall in walls
             if is_allowed(wall) and instant(wall, zone) >= first or not with_lists and wall in case.added}
    if with_lists:
        named |= {instant(wall, zone) for wall in case.added}
    # §3.3.5: a time in a gap of the clock and the one that far after it are one instant, and EXDATE takes both away.
    named -= {instant(wall, zone) for wall in case.removed}
    horizon = instant(case.horizon, zone)
    return sorted(second for second in named if second <= horizon)[:case.wanted]


def same(case, our, their, walls):
    """Whether two lists of instants are equal as far as the wall times go that the second was made of: where those were
    broken off near a gap of the clock, later ones may mean earlier instants."""
    if len(walls) >= case.wanted + SPARE:
        zone, quarter = zoneinfo.ZoneInfo(case.zone), datetime.timedelta(minutes=15)
        last = walls[-1]
        after = last.replace(minute=last.minute // 15 * 15, second=0)
        known = min(instant(time, zone) for time in [last, *(after + quarter * step for step in range(1, 100))])
        our, their = ([second for second in seconds if second < known] for seconds in (our, their))
    return our == their


def by_dateutil(case, seconds=0.1):
    """Wall times with RDATE and EXDATE, and whether it came to an end in time; None where it refuses the rule."""
    found = []
    # The alarm comes once and may come anywhere, so that all but the answer is in here, its end too.
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        is_read = list_by_dateutil(case, found)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return (found, True) if is_read else None
    except OutOfTime:
        return found, False


def list_by_dateutil(case, found):
    """Fills `found`; false where it refuses the rule."""
    wanted = case.wanted + SPARE
    try:
        rule = rrule.rrulestr(case.with_parts(UNTIL=None).rule, dtstart=case.start)
        if "COUNT" not in case.parts:
            rule = rule.replace(until=min(case.horizon, end_of(case)[1]))
        result = rrule.rruleset()
        result.rrule(rule)
        for time in case.added:
            result.rdate(time)
        for time in case.removed:
            result.exdate(time)
        is_allowed = allows(case)
        for wall in result:
            if wall > case.horizon or len(found) == wanted:
                break
            if is_allowed(wall) or wall in case.added:
                found.append(wall)
        return True
    except ValueError:
        return False


def first_times(case, number):
    """What the rule names first, by little work: so that it is the same on every machine."""
    found = []
    try:
        for wall in rfc.Rule(case).times(case.horizon, 1200):
            found.append(wall)
            if len(found) == number:
                break
    except rfc.TooMuch:
        pass
    return found


def make(seed, number):
    """A case; most start where their rule first matches, since RFC 5545 leaves open what others give (§3.8.5.3)."""
    random_ = random.Random(f"{seed}:{number}")
    is_free = random_.randrange(12) == 0
    for _ in range(1 if is_free else 4):
        case = rules.draw(random_, number)
        far = rules.replace(case, horizon=case.start + 20_000 * rfc.DAY)
        starts = [case.start] if is_free else first_times(far, 1)
        for _ in range(3):
            far = rules.replace(far, start=starts[0]) if starts else far
            starts = first_times(far, 1)
        if starts == [far.start] and not is_in_gap(far):
            case = rules.replace(case, start=far.start, horizon=case.horizon + (far.start - case.start))
            break
    walls = first_times(case, 20)
    if walls and "UNTIL" in case.parts and random_.randrange(2):
        case = case.with_parts(UNTIL=spelled_as(case.parts["UNTIL"], random_.choice(walls), case.zone))
    removed, added = (), ()
    if walls and random_.randrange(5) == 0:
        removed = tuple(sorted(random_.sample(walls, min(len(walls), random_.randint(1, 4)))))
    if random_.randrange(6) == 0:
        hours = [24 if case.is_date else random_.choice([1, 24]) * random_.randint(1, 90) for _ in range(3)]
        added = tuple(sorted({case.start + datetime.timedelta(hours=count) for count in hours}))
    return rules.replace(case, is_synchronised=case.start in walls, added=added, removed=removed)


def is_in_gap(case):
    """Whether the clock never showed the start of a rule whose answer would be broken off within the hour."""
    zone = zoneinfo.ZoneInfo(case.zone)
    shown = (EPOCH + datetime.timedelta(seconds=instant(case.start, zone))).replace(tzinfo=UTC).astimezone(zone)
    return case.parts["FREQ"] in ("MINUTELY", "SECONDLY") and shown.replace(tzinfo=None) != case.start


def spelled_as(text, wall, zone):
    """A wall time as UNTIL spells it: a date, a local time or UTC."""
    if text.endswith("Z"):
        return compact(EPOCH + datetime.timedelta(seconds=instant(wall, zoneinfo.ZoneInfo(zone)))) + "Z"
    return compact(wall) if "T" in text else f"{wall:%Y%m%d}"


def ask(program, lines):
    """An answer to each line. A program that ends early is started again after the line that ended it."""
    answers = []
    while len(answers) < len(lines):
        run = subprocess.run(program, input="".join(lines[len(answers):]), capture_output=True, text=True,
                             preexec_fn=end_with_parent)
        answers += run.stdout.split("\n")[:-1]
        if run.returncode != 0:
            answers.append(f"! ends with {run.returncode}")
    return answers


def ours(cases):
    def line(case):
        time = (lambda wall: f"{wall:%Y%m%d}") if case.is_date else compact
        lists = [",".join(map(time, times)) or "-" for times in (case.added, case.removed)]
        return "\t".join([case.rule, time(case.start), case.zone, time(case.horizon), str(case.wanted), *lists]) + "\n"

    answers = ask([driver], [line(case) for case in cases])
    return [None if answer.startswith("!") else [int(second) for second in answer.split()] for answer in answers]


def by_libical(cases, program):
    """Wall times and whether it came to an end in time; None where it refuses the rule."""
    def line(case):
        start = f"{case.start:%Y%m%d}" if case.is_date else compact(case.start)
        rule = case.with_parts(UNTIL=None).rule
        return "\t".join([rule, start, compact(min(case.horizon, end_of(case)[1])), str(case.wanted + SPARE)]) + "\n"

    for answer in ask([program], [line(case) for case in cases]):
        if answer.startswith("!"):
            yield None
        else:
            yield ([datetime.datetime.strptime(wall, form) for wall in answer.lstrip("~").split()],
                   not answer.startswith("~"))


def by_the_rfc(case):
    """The wall times that RFC 5545 gives, worked out from its words; None where that takes too long."""
    found, until = [], end_of(case)[1]
    try:
        for wall in rfc.expansion(case, until):
            found.append(wall)
            if len(found) == case.wanted + SPARE:
                break
    except rfc.TooMuch:
        return None
    return found


def judge(name, case, our, answer, ordered=None):
    """A word for how our answer stands to another's: equal, an explanation, or what is wrong. `ordered`: the other's
    answer to the same rule with its lists in order."""
    if our is None:
        return "!", f"we refuse {case}"
    if answer is None:
        their, is_whole = None, True
    else:
        walls, is_whole = answer
        their = finish(case, walls, with_lists=name != "dateutil")
        if same(case, our, their, walls):
            return "=", "equal"
        if not is_whole and their and [second for second in our if second <= their[-1]] == their:
            return "=", "equal as far as it came in its time"
    expected = by_the_rfc(case)
    if expected is None:
        return ("?", "too much work for all but us") if not is_whole else ("!", f"no word of the RFC on {case}")
    right = finish(case, expected, True)
    if not same(case, our, right, expected):
        return "!", f"the RFC gives otherwise\n  {case}\n  ours {show(our)}\n  RFC  {show(right)}"
    if ordered and same(case, our, finish(case, ordered[0], name != "dateutil"), ordered[0]):
        return "rfc", explanations.ORDER
    for explanation in explanations.OF[name]:
        if explanation.holds(case, their is None):
            return "rfc", explanation.words
    if not is_whole:
        return "rfc", f"{name} was broken off; ours is what the RFC gives"
    return "!", f"unexplained: {name}\n  {case}\n  ours   {show(our)}\n  theirs {show(their)}"


def show(seconds):
    return "nothing" if seconds is None else " ".join(compact(EPOCH + datetime.timedelta(seconds=s)) for s in seconds[:7])


def compare(work):
    seed, numbers, program = work
    cases = [make(seed, number) for number in numbers]
    answers = ours(cases)
    counts, wrong = collections.Counter(), []
    libical = list(by_libical(cases, program))
    differing = [index for index, answer in enumerate(libical)
                 if answer is None or finish(cases[index], answer[0], True) != answers[index]]
    ordered = dict(zip(differing, by_libical([cases[index].in_order() for index in differing], program)))
    for index, (case, our) in enumerate(zip(cases, answers)):
        for name, kind, words in (("dateutil", *judge("dateutil", case, our, by_dateutil(case))),
                                  ("libical", *judge("libical", case, our, libical[index], ordered.get(index)))):
            counts[name, kind, words if kind != "!" else "not explained"] += 1
            if kind == "!":
                wrong.append(words)
    return counts, wrong


def control(seed, program, number=300):
    """Faults planted in our answers: one time left out, one moved by a second, one too many. Each must be found."""
    cases = [case for case in (make(seed, index) for index in range(number))]
    planted = missed = 0
    for index, (case, our) in enumerate(zip(cases, ours(cases))):
        if not our or len(our) < 2 or case.removed:
            continue
        middle = len(our) // 2
        false = [our[:middle] + our[middle + 1:], our[:middle] + [our[middle] + 1] + our[middle + 1:],
                 our[:middle] + [our[middle] - 1] + our[middle:]][index % 3]
        planted += 1
        missed += judge("dateutil", case, false, by_dateutil(case))[0] != "!"
    return planted, missed


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def ready():
    end_with_parent()
    warnings.simplefilter("ignore")

    def give_up(number, frame):
        raise OutOfTime
    signal.signal(signal.SIGVTALRM, give_up)


def main():
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    counts, wrong = collections.Counter(), []
    with tempfile.TemporaryDirectory(prefix="anchorpoint-recurrence-") as folder:
        program = folder + "/libical_oracle"
        subprocess.run(["cc", "-O2", "-o", program, here + "/libical_oracle.c", "-lical"], check=True)
        batches = [(seed, range(first, min(first + 250, wanted)), program) for first in range(0, wanted, 250)]
        with multiprocessing.Pool(min(2, os.cpu_count() or 1), ready) as pool:
            for done, (part, errors) in enumerate(pool.imap_unordered(compare, batches), 1):
                counts += part
                wrong += errors
                for words in errors[:max(0, 40 - len(wrong) + len(errors))]:
                    print(words, file=sys.stderr, flush=True)
                if done % 40 == 0:
                    print(f"{done * 250} rules, {len(wrong)} differences not explained", file=sys.stderr, flush=True)
            planted, missed = pool.apply(control, (seed, program))
    print(f"{wanted} random rules, seed {seed}")
    for name in ("dateutil", "libical"):
        print(f"{'python-dateutil' if name == 'dateutil' else name}:")
        rows = [(count, kind, words) for (owner, kind, words), count in counts.items() if owner == name]
        for count, kind, words in sorted(rows, key=lambda row: (row[1] != "=", -row[0])):
            print(f"  {count:7d}  {words}")
    print(f"control: {planted} planted faults, {missed} missed")
    sys.exit(1 if wrong or missed or not planted else 0)


if __name__ == "__main__":
    main()
