"""Runs one command and says how long it took and how much memory it held at most.

It is a process of its own, and imports almost nothing: Linux counts the memory of the parent in a
child's peak until the child starts its program.

    python -m bench.child flask catalogue import …
"""

import json
import os
import sys
import time


def main(command: list[str]) -> int:
    """Runs a command whose output goes to stderr; the last line of stdout is the report."""
    started = time.perf_counter()
    redirect = [(os.POSIX_SPAWN_DUP2, 2, 1)]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=redirect)
    _, status, usage = os.wait4(pid, 0)
    report = {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.perf_counter() - started,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "max_rss_mb": usage.ru_maxrss / 1024,  # Linux counts kibibytes
    }
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
