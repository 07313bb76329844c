"""The control plane of bench/xds, and the proxies it feeds."""

import json
import shlex
import subprocess
import urllib.request
from pathlib import Path

from harness.peers import Ports, address, envoy_command, http2_only, http_listener, static_cluster, typed
from harness.processes import Proxy, pinned

ROOT = Path(__file__).resolve().parent.parent.parent


class Orders:
    """A Java process of this module; an order is a line, and so is its answer."""

    def __init__(self, core, *words):
        command = [ROOT / "bench/run", "-Dslf4j.internal.verbosity=ERROR", *words]
        self.process = subprocess.Popen(pinned(core, command), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = self._numbers()[0]

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the control plane has ended")
        return line.split()

    def _numbers(self):
        return [int(word) for word in self._line()]

    def order(self, *words):
        """The numbers of its answer."""
        print(*words, file=self.process.stdin, flush=True)
        return self._numbers()

    def words(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self._line()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def control_plane():
    return Orders(1, "dev.starling.bench.xds.ControlPlane")


def java_control_plane(clusters):
    """The peer of the relay, on the core of the proxies."""
    return Orders(0, "dev.starling.bench.xds.JavaControlPlane", str(clusters))


def bootstrap(ports, plane, relays):
    source = {"ads": {}, "resource_api_version": "V3", "initial_fetch_timeout": "0s"}
    ads = {"api_type": "DELTA_GRPC", "transport_api_version": "V3",
           "grpc_services": [{"envoy_grpc": {"cluster_name": "plane"}}]}
    listeners = [http_listener("http", ports.http, "cluster-0")]
    if relays:
        listeners.append(relay_listener(ports.http2))
    return {
        "node": {"id": "bench", "cluster": "bench"},
        "admin": {"address": address(ports.admin)},
        "dynamic_resources": {"ads_config": ads, "cds_config": source},
        "static_resources": {"listeners": listeners,
                             "clusters": [static_cluster("plane", plane, **http2_only())]},
    }


def relay_listener(port):
    relay = typed("xds", "xds.type.v3.TypedStruct", type_url="type.googleapis.com/starling.filters.http.XdsRelay")
    manager = typed(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="xds", codec_type="HTTP2", stream_idle_timeout="0s", route_config={}, http_filters=[relay])
    return {"name": "xds", "address": address(port), "filter_chains": [{"filters": [manager]}]}


def started(name, plane, clusters, folder, log, relays=False):
    """The proxy, when it has all clusters."""
    ports, config = Ports(), folder / f"{name}-{clusters}.json"
    config.write_text(json.dumps(bootstrap(ports, plane.port, relays), indent=1))
    command = envoy_command(config) if name == "envoy" else shlex.split(f"{ROOT}/starling -c {config} --concurrency 1 -l error")
    proxy = Proxy(name, command, ports, log)
    active = admin(proxy, "stats?filter=cluster_manager.active_clusters").strip()
    if active != f"cluster_manager.active_clusters: {clusters + 1}":
        proxy.stop()
        raise SystemExit(f"{name} began to serve with {active or 'no clusters'}")
    return proxy


def admin(proxy, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{proxy.ports.admin}/{path}", timeout=120) as answer:
        return answer.read().decode()


def in_service(proxy, cluster):
    """The addresses of its endpoints, without their ports."""
    prefix, end = cluster + "::", "::health_flags::healthy"
    return {line[len(prefix):-len(end)].rsplit(":", 1)[0] for line in admin(proxy, "clusters").splitlines()
            if line.startswith(prefix) and line.endswith(end)}


def of_each(peers, started_peer, measured):
    """What is measured of each peer while it runs, and for each figure its ratio to Envoy's."""
    rows = {}
    for name in peers:
        try:
            proxy = started_peer(name)
        except ValueError as e:
            print(f"{name}: {e}; left out", flush=True)
            continue
        try:
            rows[name] = measured(proxy)
        finally:
            proxy.stop()
    return rows


def beside_envoy(rows, keys):
    """The ratios of these figures."""
    for row in rows.values():
        for key in keys if "envoy" in rows else []:
            if rows["envoy"][key]:
                row[f"{key.rsplit(' ', 1)[0]} ÷ envoy"] = row[key] / rows["envoy"][key]
    return rows
