"""Medians and tables."""

import os
import platform
import shlex
import statistics
import subprocess
import time
from pathlib import Path


def summary(rounds):
    """Medians, and the ratio to Envoy within each round."""
    out = {}
    for name, rows in rounds.items():
        columns = {}
        for key in rows[0]:
            values = [row[key] for row in rows if row[key] is not None]
            columns[key] = sum(values) if key == "failed" else statistics.median(values) if values else None
        if "envoy" in rounds:
            ratios = [mine["cpu µs"] / envoy["cpu µs"] for mine, envoy in zip(rows, rounds["envoy"])]
            columns = {"÷ envoy": statistics.median(ratios), **columns}
        out[name] = columns
    return out


def table(title, rows):
    """As Markdown, aligned for the terminal."""
    digits = {"÷ envoy": 2, "cpu µs": 1, "user µs": 1, "alloc B": 0, "req/s": 0, "failed": 0, "idle bytes": 0, "idle TLS bytes": 0}
    keys = list(dict.fromkeys(key for row in rows.values() for key in row))

    def cell(key, value):
        return "–" if value is None else f"{value:.{digits.get(key, 2)}f}"

    lines = [["proxy", *keys], *([name, *(cell(k, row.get(k)) for k in keys)] for name, row in rows.items())]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    print(f"\n### {title}\n")
    for number, line in enumerate(lines):
        print("| " + " | ".join(text.ljust(w) if i == 0 else text.rjust(w)
                                for i, (text, w) in enumerate(zip(line, widths))) + " |")
        if number == 0:
            print("|" + "|".join("-" * (w + 1) + ("-" if i == 0 else ":") for i, w in enumerate(widths)) + "|", flush=True)


def machine():
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores of {model}, Linux {platform.release()}"


def version_of(name, command):
    asked = {"haproxy": ["haproxy", "-v"], "nginx": ["nginx", "-v"], "envoy": [command[0], "--version"]}.get(name)
    if not asked:
        return shlex.join(command)
    done = subprocess.run(asked, capture_output=True, text=True)
    return next((line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()), "?")
