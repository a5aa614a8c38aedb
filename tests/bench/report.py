"""What writing costs beside checking: python -m tests.bench.report [--count 1000]

Generated pairs (tests/bench/summary) are reviewed as values; a fresh process each writes them as a report (.xlsx and
.html) and as a summary. Processor milliseconds and the growth of the peak, both for a pair, median of 3.
Target: at most 3 ms and 20 kB a pair.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from statistics import median

from .bench import REPEATS
from .contenders import ROOT

JOBS = {
    "report .xlsx": "from xladdin.report.workbook import workbook_of; workbook_of(told_once(report_of(made)), here)",
    "report .html": "from xladdin.report.html import page_of; page_of(told_once(report_of(made)), here)",
    "summary": "workbook_of(summarise(made), here)",
}
WORK = """
import resource, sys, time
from pathlib import Path
from tests.bench.summary import review
from xladdin.report.once import told_once
from xladdin.report.rows import report_of
from xladdin.summary import summarise, workbook_of
made, here, peak = review(int(sys.argv[1])), Path.cwd(), lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before, start = peak(), time.process_time()
{job}
print(time.process_time() - start, peak() - before)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    count = parser.parse_args().count
    print(f"{count} pairs             ms a pair  kB a pair   target: at most 3 and 20")
    for name, job in JOBS.items():
        command = [sys.executable, "-c", WORK.format(job=job), str(count)]
        told = [subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT) for _ in range(REPEATS)]
        seconds, kilobytes = (median(float(one.stdout.split()[at]) for one in told) for at in (0, 1))
        print(f"  {name:20}{seconds / count * 1000:10.2f} {kilobytes / count:10.1f}")


if __name__ == "__main__":
    main()
