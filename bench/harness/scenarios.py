"""What traffic there is."""

from dataclasses import dataclass

HEADERS = [x for i in range(20) for x in ("-H", f"x-header-{i}: a-value-of-some-length-{i:08d}")]


@dataclass(frozen=True)
class Scenario:
    """A kind of traffic: how many clients, for what, over what, and whether each request brings a connection of its own."""

    about: str
    clients: int = 64
    path: str = "/64"
    flags: tuple = ()
    tcp: bool = False
    connection_each: bool = False
    streams: int = 0  # of each client at once: HTTP/2 from the client
    http2_backend: bool = False
    tls: bool = False  # 1.3 from the client
    resumed: bool = False  # each connection with the ticket of the one before


SCENARIOS = {
    "h1": Scenario("64 B answers, keep-alive"),
    "h1-16k": Scenario("16 KiB answers", path="/16k"),
    "h1-headers": Scenario("20 more request headers", flags=tuple(HEADERS)),
    "h1-2048": Scenario("2,048 connections", clients=2048),
    "connect": Scenario("a new connection for each request", clients=32, connection_each=True),
    "h2": Scenario("HTTP/2 in, HTTP/1.1 out", clients=8, streams=16),
    "h2h2": Scenario("HTTP/2 both ways", clients=8, streams=16, http2_backend=True),
    "tcp": Scenario("HTTP/1.1 carried by the TCP proxy", tcp=True),
    "tls": Scenario("TLS 1.3, HTTP/1.1, keep-alive", tls=True),
    "handshakes": Scenario("a full TLS 1.3 handshake for each request", clients=32, connection_each=True, tls=True),
    "resumed": Scenario("a resumed TLS 1.3 handshake for each request", clients=1, connection_each=True, tls=True,
                        resumed=True),
}
