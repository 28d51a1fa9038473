"""The start of a process: settings, apps and all addresses, beside a bare Django with the same database engine.

Wall time of whole processes in rounds that take turns. The floor is Python alone.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GOAL = 3.0  # times a bare Django, at most

BARE = """
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="bare", DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "bare"}},
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
        "django.contrib.sessions", "django.contrib.messages"],
    ROOT_URLCONF="django.contrib.auth.urls",
)
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
"""
OURS = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
"""
# Brought in where they are used: each would cost every process its time.
NOT_AT_THE_START = {"altair", "openpyxl", "pandas", "stripe", "typst", "vl_convert"}


def seconds(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ, check=True)
    return time.perf_counter() - began


def early() -> set[str]:
    """What is imported at the start and should not be."""
    code = f"{OURS}\nimport sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    return NOT_AT_THE_START & set(loaded.stdout.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="3 or more")
    rounds = max(3, parser.parse_args().rounds)
    found: dict[str, list[float]] = {"pass": [], BARE: [], OURS: []}
    for number in range(-1, rounds):  # the first warms up
        for code in sorted(found, reverse=number % 2 == 0):
            took = seconds(code)
            if number >= 0:
                found[code].append(took)
    ratios = [ours / bare for ours, bare in zip(found[OURS], found[BARE], strict=True)]
    ratio, too_early = statistics.median(ratios), early()
    print(f"seconds, median of {rounds} rounds")
    for words, code in (("Python alone (floor)", "pass"), ("bare Django", BARE), ("Turnout", OURS)):
        print(f"{words:24} {statistics.median(found[code]):6.2f} [{min(found[code]):.2f}, {max(found[code]):.2f}]")
    passes = ratio <= GOAL and not too_early
    print(
        f"Turnout : bare {ratio:.2f} [{min(ratios):.2f}, {max(ratios):.2f}]; goal: at most {GOAL:.0f}  "
        f"{'pass' if passes else 'FAIL'}"
    )
    if too_early:
        print(f"imported at the start: {', '.join(sorted(too_early))}")
    sys.exit(not passes)


if __name__ == "__main__":
    main()
