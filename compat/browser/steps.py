"""Runs the steps of a visit one after another, each on what those before it left, and counts them."""
import traceback


def run(steps, visit, needed=None):
    """The exit code. Where `needed` fails nothing after it can be tried, and all of it counts as failed."""
    passed = failed = 0
    for step in steps:
        name = step.__name__.replace("_", " ")
        try:
            step(visit)
            passed += 1
            print("ok      " + name)
        except Exception:
            failed += 1
            print(f"FAILED  {name}\n{traceback.format_exc(limit=-2)}")
            if step is needed:
                failed = len(steps) - passed
                print("        without it nothing else can be tried")
                break
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
