"""A running peer and what it used."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

WAIT_FOR_START_S = 240


def pinned(core, command):
    """The command on one core, where the machine has two and can pin."""
    if (os.cpu_count() or 1) < 2 or not shutil.which("taskset"):
        return command
    return ["taskset", "-c", str(core), *command]


class Others:
    """What was computed on this machine, while nobody watched but these processes: a figure that is not near 0 spoils the rest."""

    def __init__(self, *pids):
        self.pids = pids
        self.before = self._others_s()
        self.started = time.monotonic()

    def _others_s(self):
        with open("/proc/stat") as stat:
            user, nice, system, _, _, irq, softirq = map(int, stat.readline().split()[1:8])
        ours = 0
        for pid in self.pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ours += int(fields[11]) + int(fields[12])
        return (user + nice + system + irq + softirq - ours) / os.sysconf("SC_CLK_TCK")

    def share(self):
        """Of all cores."""
        return (self._others_s() - self.before) / (time.monotonic() - self.started) / (os.cpu_count() or 1)


class Proxy:
    """One peer, from its start until stop(). Its own worker processes count with it."""

    def __init__(self, name, command, ports, log):
        self.name, self.ports = name, ports
        started = time.monotonic()
        self.process = subprocess.Popen(pinned(0, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                        start_new_session=True)
        self.start_s = self._first_answer(started)
        time.sleep(1.5)
        self.start_rss_mib = self.rss_kib() / 1024

    def _first_answer(self, started):
        while time.monotonic() - started < WAIT_FOR_START_S:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended with {self.process.returncode}; --keep shows its log")
            try:
                with socket.create_connection(("127.0.0.1", self.ports.http), 1) as c:
                    c.sendall(b"GET /64 HTTP/1.1\r\nHost: start.test\r\nConnection: close\r\n\r\n")
                    if c.recv(64).startswith(b"HTTP/1.1 200"):
                        return time.monotonic() - started
            except OSError:
                pass
            time.sleep(0.01)
        raise SystemExit(f"{self.name} does not answer on {self.ports.http}; --keep shows its log")

    def pids(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu_s(self):
        """User and system seconds so far."""
        tick = os.sysconf("SC_CLK_TCK")
        user = system = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            user, system = user + int(fields[11]), system + int(fields[12])
        return user / tick, system / tick

    def _status_kib(self, line):
        return sum(int(re.search(line + r":\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1))
                   for pid in self.pids())

    def rss_kib(self):
        return self._status_kib("VmRSS")

    def peak_rss_mib(self):
        return self._status_kib("VmHWM") / 1024

    def jcmd(self, *words):
        """What the JVM says; None when the peer is no JVM."""
        executable = Path(os.readlink(f"/proc/{self.process.pid}/exe"))
        tool = executable.with_name("jcmd")
        if executable.name != "java" or not tool.exists():
            return None
        return subprocess.run(pinned(1, [tool, str(self.process.pid), *words]), capture_output=True, text=True).stdout

    def allocated_bytes(self):
        """On the heap since the start, by the threads that live; None when the peer is no JVM."""
        text = self.jcmd("Thread.print", "-e")
        if text is None:
            return None
        unit = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
        return sum(float(n) * unit[u or "B"] for n, u in re.findall(r" allocated=([\d.]+)([BKMG]?)", text))

    def settled_rss_kib(self):
        for _ in range(2):
            self.jcmd("GC.run")
        self.jcmd("System.trim_native_heap")
        time.sleep(1)
        return self.rss_kib()

    def stop(self):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
