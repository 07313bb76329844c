"""The load, and what a proxy uses under it."""

import re
import socket
import ssl
import statistics
import subprocess
import sys
from pathlib import Path

from .processes import pinned
from .scenarios import SCENARIOS


def h2load(scenario, url, seconds, *more):
    """Requests done and failed."""
    command = ["h2load", "-t1", *([] if scenario.streams else ["--h1"]), *scenario.flags, f"-D{seconds}", *more, url]
    done = subprocess.run(pinned(1, command), capture_output=True, text=True)
    found = re.search(r"requests: (\d+) total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed", done.stdout)
    if not found:
        raise SystemExit("h2load: " + (done.stdout + done.stderr)[-400:])
    return int(found.group(3)), int(found.group(4))


def wrk(scenario, url, seconds):
    command = ["wrk", "-t1", f"-c{scenario.clients}", f"-d{seconds}s", "-H", "Connection: close", url]
    out = subprocess.run(pinned(1, command), capture_output=True, text=True).stdout
    errors = re.findall(r"Non-2xx or 3xx responses: (\d+)|(?:connect|read|write|timeout) (\d+)", out)
    return int(re.search(r"(\d+) requests in", out).group(1)), sum(int(x) for pair in errors for x in pair if x)


def resumptions(url, seconds):
    """Connections that resumed a session, one after the other, and those that did not or failed."""
    command = [sys.executable, Path(__file__).with_name("resume.py"), url, str(seconds)]
    out = subprocess.run(pinned(1, command), capture_output=True, text=True)
    if out.returncode:
        raise SystemExit("resume.py: " + out.stderr[-400:])
    done, failed = map(int, out.stdout.split())
    return done, failed


def full_load(scenario, url, seconds):
    if scenario.resumed:
        return resumptions(url, seconds)
    if scenario.connection_each:
        return wrk(scenario, url, seconds)
    return h2load(scenario, url, seconds, f"-c{scenario.clients}", f"-m{scenario.streams or 1}")


def latencies_ms(scenario, url, seconds, rate, folder):
    """Sorted, at a fixed offered rate."""
    log, clients = folder / "latency.tsv", min(scenario.clients, 32)
    log.unlink(missing_ok=True)
    h2load(scenario, url, seconds, f"-c{clients}", "-m1", f"--rps={max(1, rate // clients)}", f"--log-file={log}")
    return sorted(int(line.split("\t")[2]) / 1000 for line in log.read_text().splitlines() if line.count("\t") >= 2)


def one_round(proxy, scenario, url, options, folder):
    (user0, system0), allocated0 = proxy.cpu_s(), proxy.allocated_bytes()
    done, failed = full_load(scenario, url, options.seconds)
    (user1, system1), allocated1 = proxy.cpu_s(), proxy.allocated_bytes()
    done = max(done, 1)
    row = {
        "cpu µs": (user1 - user0 + system1 - system0) * 1e6 / done,
        "user µs": (user1 - user0) * 1e6 / done,
        "alloc B": None if allocated0 is None else (allocated1 - allocated0) / done,
        "req/s": done / options.seconds,
        "failed": failed,
    }
    if options.rate and not scenario.connection_each:
        sample = latencies_ms(scenario, url, options.seconds, options.rate, folder)
        row["mean ms"] = statistics.fmean(sample)
        for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)):
            row[name] = sample[min(len(sample) - 1, int(share * len(sample)))]
    return row


def measure(name, proxies, options, folder):
    """For each proxy its rounds, taken in turns."""
    scenario = SCENARIOS[name]
    takes_part = [p for p in proxies if not (p.name == "nginx" and (scenario.tcp or scenario.streams))]

    scheme = "https" if scenario.tls else "http"
    url = {p.name: f"{scheme}://127.0.0.1:{p.ports.of(scenario)}{scenario.path}" for p in takes_part}
    for p in takes_part:
        full_load(scenario, url[p.name], options.warmup)
    rounds = {p.name: [] for p in takes_part}
    for _ in range(options.rounds):
        for p in takes_part:
            rounds[p.name].append(one_round(p, scenario, url[p.name], options, folder))
    return rounds


def idle_bytes(proxy, count):
    """
    Resident memory for each idle keep-alive connection that has served one request: in clear, and then over TLS while the
    others stay, so that what they would leave is not used again.
    """
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    held = []
    try:
        plain = _hold(proxy, count, proxy.ports.http, lambda c: c, held)
        return {"idle bytes": plain, "idle TLS bytes": _hold(proxy, count, proxy.ports.tls, trusting.wrap_socket, held)}
    finally:
        for c in held:
            c.close()


def _hold(proxy, count, port, secured, held):
    before = proxy.settled_rss_kib()
    for _ in range(count):
        c = secured(socket.create_connection(("127.0.0.1", port), 5))
        held.append(c)
        c.sendall(b"GET /64 HTTP/1.1\r\nHost: idle.test\r\n\r\n")
        if not c.recv(4096).startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{proxy.name} refuses an idle connection")
    return (proxy.settled_rss_kib() - before) * 1024 / count
