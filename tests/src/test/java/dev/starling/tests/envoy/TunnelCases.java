package dev.starling.tests.envoy;

import dev.starling.tests.envoy.TcpCase.Play;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Upgrades and CONNECTs that are compared; the names say what each is about. */
final class TunnelCases {

    private static final String GRANTED =
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nx-a: 1\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nx-b: 2\r\n\r\n";

    private static final String PROXY_LINE = "PROXY TCP4 127.0.0.1 127.0.0.1 ";

    /** Two that the system has picked, and a blank between them. */
    private static final int PORTS_AS_TEXT = 11;

    private final List<TcpCase> cases = new ArrayList<>();

    private TunnelCases() {}

    static List<TcpCase> all() {
        TunnelCases all = new TunnelCases();
        all.upgrades();
        all.refusedByTheUpstream();
        all.refusedByTheProxy();
        all.oddRequests();
        all.oddAnswers();
        all.time();
        all.connects();
        all.connectsThatEndHere();
        all.connectsThatTellWhoTheClientIs();
        all.ignoredUpgrades();
        all.keptAnswers();
        return all.cases;
    }

    private interface Dialogue {
        void between(TcpPeer client, TcpPeer upstream) throws IOException;
    }

    /** The proxy answers by itself. */
    private void answered(String name, String request) {
        answered("web", name, request);
    }

    private void answered(String listener, String name, String request) {
        cases.add(new TcpCase(
                name, listener, stage -> stage.client().send(request).getHead().getAll()));
    }

    /** The upstream is asked first. */
    private void asked(String name, String request, Dialogue dialogue) {
        asked("web", name, request, dialogue);
    }

    private void asked(String listener, String name, String request, Dialogue dialogue) {
        Play play = stage -> {
            TcpPeer client = stage.client().send(request);
            TcpPeer upstream = stage.accept();
            upstream.getHead();
            dialogue.between(client, upstream);
            client.leave();
            upstream.getAll();
        };
        cases.add(new TcpCase(name, listener, play));
    }

    /** The tunnel is open. */
    private void open(String name, Dialogue dialogue) {
        asked(name, upgrade("/ws"), (client, upstream) -> {
            upstream.send(GRANTED);
            client.getHead();
            dialogue.between(client, upstream);
        });
    }

    private static String upgrade(String path, String... lines) {
        return head("GET " + path, "connection: Upgrade", "upgrade: WebSocket", lines);
    }

    private static String head(String line, String first, String second, String... lines) {
        StringBuilder head = new StringBuilder(line).append(" HTTP/1.1\r\nhost: a.test\r\n");
        head.append(first).append("\r\n").append(second).append("\r\n");
        for (String more : lines) {
            head.append(more).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static String connect(String target, String... lines) {
        StringBuilder head = new StringBuilder("CONNECT " + target + " HTTP/1.1\r\nhost: " + target + "\r\n");
        for (String more : lines) {
            head.append(more).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private void upgrades() {
        open("client leaves", (client, upstream) -> {
            client.send("hello");
            upstream.get(5).send("world");
            client.get(5).leave();
            upstream.getAll();
        });
        open("client ends", (client, upstream) -> {
            client.send("last").end();
            upstream.getAll();
            client.getAll();
        });
        open("client resets", (client, upstream) -> {
            client.send("x");
            upstream.get(1);
            client.reset();
            upstream.getAll();
        });
        open("upstream ends", (client, upstream) -> {
            upstream.send("last").end();
            client.getAll();
            upstream.getAll();
        });
        open("upstream leaves", (client, upstream) -> {
            upstream.leave();
            client.getAll();
        });
        open("upstream resets", (client, upstream) -> {
            upstream.reset();
            client.getAll();
        });
        asked("speaks before the answer", upgrade("/ws") + "early", (client, upstream) -> {
            upstream.listen().send(GRANTED + "first");
            client.getHead().get(5);
            upstream.get(5);
            client.leave();
        });
        asked("continue before the upgrade", upgrade("/ws"), (client, upstream) -> {
            upstream.send("HTTP/1.1 100 Continue\r\n\r\n" + GRANTED + "first");
            client.getHead().get(5).leave();
        });
        asked("another type, by the route", head("GET /custom", "connection: upgrade", "upgrade: FOO"), (c, u) -> {
            u.send("HTTP/1.1 101 Switching Protocols\r\nupgrade: foo\r\nconnection: upgrade\r\n\r\n");
            c.getHead().send("x");
            u.get(1);
            c.leave();
        });
        asked("off for all, on by the route", head("GET /custom", "connection: upgrade", "upgrade: off"), (c, u) -> {
            u.leave();
            c.getHead().getAll();
        });
        asked("plain", "on by the route", upgrade("/ws"), (client, upstream) -> {
            upstream.send(GRANTED);
            client.getHead().leave();
        });
    }

    private void refusedByTheUpstream() {
        for (int status : new int[] {200, 201, 302, 400, 426, 500}) {
            String answer = "HTTP/1.1 " + status + " X\r\nx-a: 1\r\ncontent-length: 2\r\n\r\nok";
            asked("websocket answered " + status, upgrade("/ws") + "early", (client, upstream) -> {
                upstream.send(answer);
                client.getHead().getAll();
                upstream.getAll();
            });
            asked(
                    "other upgrade answered " + status,
                    head("GET /custom", "connection: upgrade", "upgrade: foo"),
                    (client, upstream) -> {
                        upstream.send(answer);
                        client.getHead().getAll();
                        upstream.getAll();
                    });
        }
        asked("websocket answered 204", upgrade("/ws"), (client, upstream) -> {
            upstream.send("HTTP/1.1 204 No Content\r\n\r\n");
            client.getHead().getAll();
        });
        asked("websocket answered in chunks", upgrade("/ws"), (client, upstream) -> {
            upstream.send("HTTP/1.1 403 No\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
            client.getHead().getAll();
        });
        asked("upstream gone before the answer", upgrade("/ws"), (client, upstream) -> {
            upstream.leave();
            client.getHead().getAll();
        });
        asked("client gone before the answer", upgrade("/ws"), (client, upstream) -> {
            client.leave();
            upstream.getAll();
        });
    }

    private void refusedByTheProxy() {
        answered("off by the route", upgrade("/no"));
        answered("unknown type", head("GET /ws", "connection: upgrade", "upgrade: foo"));
        answered("list of types", head("GET /ws", "connection: upgrade", "upgrade: foo, websocket"));
        answered("h2c among others", head("GET /ws", "connection: upgrade", "upgrade: h2c, websocket"));
        answered("off for all", head("GET /ws", "connection: upgrade", "upgrade: off"));
        answered("to a direct response", upgrade("/direct"));
        answered("another to a direct response", head("GET /direct", "connection: upgrade", "upgrade: foo"));
        answered("to a redirect", upgrade("/moved"));
        answered("without a route", upgrade("/elsewhere"));
        answered("another without a route", head("GET /elsewhere", "connection: upgrade", "upgrade: foo"));
        answered("no endpoint listens", upgrade("/refused"));
        answered("plain", "not allowed", upgrade("/plain"));
    }

    private void oddRequests() {
        asked("length", upgrade("/ws", "content-length: 5") + "helloMORE", (client, upstream) -> {
            upstream.send(GRANTED).get(9);
            client.getHead().leave();
        });
        asked(
                "chunks",
                upgrade("/ws", "transfer-encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n",
                (client, upstream) -> {
                    upstream.send(GRANTED).get(15);
                    client.getHead().leave();
                });
        asked("tokens beside", head("GET /ws", "connection: keep-alive, Upgrade", "upgrade: websocket"), (c, u) -> {
            u.send(GRANTED);
            c.getHead().leave();
        });
        asked("close beside", head("GET /ws", "connection: close, Upgrade", "upgrade: websocket"), (c, u) -> {
            u.send(GRANTED);
            c.getHead().leave();
        });
        asked("names a header", head("GET /ws", "connection: x-a, Upgrade", "upgrade: websocket", "x-a: 1"), (c, u) -> {
            u.send(GRANTED);
            c.getHead().leave();
        });
        asked("of HTTP/1.0", upgrade("/ws").replace("HTTP/1.1", "HTTP/1.0"), (client, upstream) -> {
            upstream.send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
            client.getHead().getAll();
        });
    }

    private void oddAnswers() {
        asked("unasked", "GET /ws HTTP/1.1\r\nhost: a.test\r\n\r\n", (client, upstream) -> {
            upstream.send(GRANTED);
            client.getHead().leave();
        });
        asked("to nothing", upgrade("/ws"), (client, upstream) -> {
            upstream.send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\r\n");
            client.getHead().getAll();
        });
        asked("to another protocol", upgrade("/ws"), (client, upstream) -> {
            upstream.send("HTTP/1.1 101 Switching Protocols\r\nupgrade: foo\r\nconnection: upgrade\r\n\r\n");
            client.getHead().leave();
        });
        asked("granted with a length", upgrade("/ws"), (client, upstream) -> {
            upstream.send("HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\ncontent-length: 2\r\n\r\nok");
            client.getHead().getAll();
        });
        asked("granted with chunks", upgrade("/ws"), (client, upstream) -> {
            upstream.send("HTTP/1.1 101 X\r\nupgrade: websocket\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n");
            client.getHead().getAll();
        });
    }

    private void time() {
        asked("silent for too long", upgrade("/idle"), (client, upstream) -> {
            upstream.send(GRANTED);
            client.getHead().getAll();
            upstream.getAll();
        });
        asked("open for too long", upgrade("/long"), (client, upstream) -> {
            upstream.send(GRANTED);
            client.getHead().getAll();
            upstream.getAll();
        });
        asked("not answered in time", upgrade("/slow"), (client, upstream) -> {
            client.getHead().getAll();
            upstream.getAll();
        });
    }

    private void connects() {
        asked("connect", connect("proxied.test:80", "x-a: 1") + "early", (client, upstream) -> {
            upstream.listen().send(OK + "now").get(5);
            client.getHead().get(3).send("more");
            upstream.get(4);
            client.leave();
            upstream.getAll();
        });
        asked("connect, upstream ends", connect("proxied.test:80"), (client, upstream) -> {
            upstream.send(OK + "now").end();
            client.getHead().getAll();
        });
        asked("connect answered 407", connect("proxied.test:80") + "early", (client, upstream) -> {
            upstream.send("HTTP/1.1 407 No\r\ncontent-length: 2\r\n\r\nno");
            client.getHead().getAll();
            upstream.getAll();
        });
        asked("connect answered with a length", connect("proxied.test:80"), (client, upstream) -> {
            upstream.send("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nnow");
            client.getHead().get(3).leave();
        });
        for (String status : List.of("201 Created", "202 Accepted", "204 No Content", "299 X", "302 Found")) {
            asked("connect answered " + status, connect("proxied.test:80") + "early", (client, upstream) -> {
                upstream.send("HTTP/1.1 " + status + "\r\nx-b: 2\r\n\r\nnow");
                client.getHead().get(3).send("more");
                upstream.get(9).end();
                client.getAll();
            });
        }
        asked("connect answered 200 with close", connect("proxied.test:80"), (client, upstream) -> {
            upstream.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nnow");
            client.getHead().get(3).leave();
        });
        asked("connect answered in chunks", connect("proxied.test:80"), (client, upstream) -> {
            upstream.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nnow\r\n");
            client.getHead();
            upstream.end();
            client.getAll();
        });
        answered("connect, off", connect("off.test:80"));
        answered("connect without a matcher", connect("unmatched.test:80"));
        answered("plain", "connect, not allowed", connect("proxied.test:80"));
        answered("plain", "connect, nothing there", connect("elsewhere.test:80"));
        answered("connect with a length", connect("tcp.test:80", "content-length: 5") + "hello");
        answered("connect in chunks", connect("tcp.test:80", "transfer-encoding: chunked"));
        answered("connect to a path", "CONNECT /ws HTTP/1.1\r\nhost: a.test\r\n\r\n");
        answered("connect without a port", "CONNECT a.test HTTP/1.1\r\nhost: a.test\r\n\r\n");
    }

    /** The upstream gets no head. */
    private void tcp(String name, String request, Dialogue dialogue) {
        Play play = stage -> {
            TcpPeer client = stage.client().send(request);
            TcpPeer upstream = stage.accept();
            client.getHead();
            dialogue.between(client, upstream);
            client.leave();
            upstream.getAll();
        };
        cases.add(new TcpCase("tcp: " + name, "web", play));
    }

    private void connectsThatEndHere() {
        String connect = connect("tcp.test:80");
        tcp("client leaves", connect, (client, upstream) -> {
            client.send("hello");
            upstream.get(5).send("world");
            client.get(5).leave();
            upstream.getAll();
        });
        tcp("client ends", connect + "early", (client, upstream) -> {
            client.end();
            upstream.getAll();
            client.getAll();
        });
        tcp("upstream speaks first and ends", connect, (client, upstream) -> {
            upstream.send("banner").end();
            client.getAll();
            upstream.getAll();
        });
        tcp("upstream resets", connect, (client, upstream) -> {
            upstream.reset();
            client.getAll();
        });
        tcp("client resets", connect, (client, upstream) -> {
            client.reset();
            upstream.getAll();
        });
        answered("tcp: refused", connect("refused.test:80"));
        tcp("post", "POST /x HTTP/1.1\r\nhost: post.test\r\ncontent-length: 5\r\n\r\nhello", (client, upstream) -> {
            upstream.get(5).send("world");
            client.get(10);
            upstream.getAll().leave();
            client.get(5).leave();
        });
        tcp(
                "post in chunks",
                "POST /x HTTP/1.1\r\nhost: post.test\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
                (client, upstream) -> {
                    upstream.get(5).send("world");
                    client.get(10).send("3\r\nend\r\n0\r\n\r\n");
                    upstream.getAll().send("last").leave();
                    client.get(14).getAll();
                });
    }

    private void connectsThatTellWhoTheClientIs() {
        tcp("told in version 1", connect("v1.test:80"), (client, upstream) -> {
            client.send("hello").end();
            upstream.get(PROXY_LINE.length()).skip(PORTS_AS_TEXT).getAll();
        });
        tcp("told in version 2", connect("v2.test:80") + "early", (client, upstream) -> {
            upstream.get(24).skip(4).get(5).send("ok");
            client.get(2);
        });
        tcp("told with a post", "POST /x HTTP/1.1\r\nhost: told.test\r\ncontent-length: 5\r\n\r\nhello", (c, u) -> {
            u.get(PROXY_LINE.length()).skip(PORTS_AS_TEXT).getAll().leave();
            c.getAll();
        });
    }

    private void ignoredUpgrades() {
        for (String asked : List.of(
                "foo",
                "FOO",
                "TLS/1.2",
                "tls/1.3, foo",
                "foo, websocket",
                "websocket,foo",
                "bar, foo",
                "h2c, foo",
                "foo,,",
                ",")) {
            Play play = stage -> {
                TcpPeer client = stage.client()
                        .send(head(
                                        "POST /x",
                                        "connection: keep-alive, Upgrade",
                                        "upgrade: " + asked,
                                        "content-length: 2")
                                + "ab");
                if (!asked.startsWith("FOO")
                        && !asked.startsWith("bar")
                        && !asked.startsWith("h2c")
                        && !asked.equals(",")) {
                    TcpPeer upstream = stage.accept();
                    upstream.getHead()
                            .get(2)
                            .send("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                            .leave();
                }
                client.getHead().get(2).leave();
            };
            cases.add(new TcpCase("ignored upgrade: " + asked, "ignoring", play));
        }
    }

    private void keptAnswers() {
        for (String listener : List.of("tunneling", "forgetting")) {
            asked(listener, listener + " with headers", "hello", (client, upstream) -> {
                upstream.get(5).send("HTTP/1.1 200 OK\r\nx-b: 2\r\nX-C: \"quoted\\\"\r\nx-b: 3\r\n\r\nanswer");
                client.get(6).leave();
            });
        }
        asked("tunneling", "tunneling, refused with headers", "", (client, upstream) -> {
            upstream.send("HTTP/1.1 403 No\r\nx-b: 2\r\ncontent-length: 0\r\n\r\n");
            client.getAll();
        });
    }
}
