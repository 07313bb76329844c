package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.Http2Case.OK;
import static dev.starling.tests.envoy.Http2Peer.request;

import java.util.List;

/** Ordinary requests and answers, and how one that goes wrong ends. */
final class Http2Exchanges {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    private Http2Exchanges() {}

    static List<Http2Listener> listeners() {
        return List.of(
                ordinary(), resets(), Http2Listener.with("auto", "").auto().get("get"));
    }

    private static Http2Listener ordinary() {
        return new Http2Listener("plain", "")
                .get("get")
                .get("fields", "x-a: 1", "accept: */*", "x-a: 2", "x-b: ", "user-agent: test")
                .ask("head", request("HEAD", "/up"))
                .ask("options", request("OPTIONS", "/up"))
                .ask("options of everything", request("OPTIONS", "*"))
                .post("post", "hello", "content-length: 5")
                .post("post without length", "hello")
                .post("post of nothing", "")
                .post("post of nothing with length", "", "content-length: 0")
                .add("post in parts", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "hel", false);
                    Http2Upstream upstream = stage.accept().head().to("hel\r\n");
                    client.data(1, "", false).data(1, "lo", true);
                    upstream.to("0\r\n\r\n").send(OK);
                    client.until(1).sync();
                })
                .add("trailers of a request", stage -> {
                    Http2Peer client = stage.client()
                            .post(1, "/up")
                            .data(1, "hello", false)
                            .trailers(1, "x-t: 1", "x-u: 2");
                    stage.accept().head().to("\r\n\r\n").send(OK);
                    client.until(1).sync();
                })
                .add("trailers without a body", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").trailers(1, "x-t: 1");
                    stage.accept().head().to("\r\n\r\n").send(OK);
                    client.until(1).sync();
                })
                .answered("answer without a body", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .answered("204", "HTTP/1.1 204 No Content\r\nx-a: 1\r\n\r\n")
                .answered("304", "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n")
                .answered("304 with length", "HTTP/1.1 304 Not Modified\r\ncontent-length: 10\r\n\r\n")
                .answered("404", "HTTP/1.1 404 Nothing\r\ncontent-length: 0\r\n\r\n")
                .answered("500", "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")
                .answered("chunked answer", CHUNKED + "5\r\nhello\r\n0\r\n\r\n")
                .answered("chunked answer of nothing", CHUNKED + "0\r\n\r\n")
                .answered("trailers of an answer", CHUNKED + "5\r\nhello\r\n0\r\nx-t: 1\r\nX-U: 2\r\n\r\n")
                .answered(
                        "connection headers of an answer",
                        "HTTP/1.1 200 OK\r\n"
                                + "connection: x-a, close\r\n"
                                + "x-a: 1\r\n"
                                + "keep-alive: 1\r\n"
                                + "proxy-connection: a\r\n"
                                + "upgrade: b\r\n"
                                + "X-B: 2\r\n"
                                + "content-length: 0\r\n\r\n")
                .answered(
                        "cookies of an answer",
                        "HTTP/1.1 200 OK\r\nset-cookie: a=1\r\nset-cookie: b=2\r\ncontent-length: 0\r\n\r\n")
                .answered("server and date", "HTTP/1.1 200 OK\r\nserver: x\r\ndate: today\r\ncontent-length: 0\r\n\r\n")
                .answered("early hints", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK)
                .answered("processing", "HTTP/1.1 102 Processing\r\n\r\n" + OK)
                .answered("100 unasked", "HTTP/1.1 100 Continue\r\n\r\n" + OK)
                .add("expect", stage -> {
                    Http2Peer client = stage.client()
                            .post(1, "/up", "expect: 100-continue", "content-length: 2")
                            .untilHead(1)
                            .data(1, "hi", true);
                    stage.accept().head().get(2).send(OK);
                    client.until(1).sync();
                })
                .add("many streams", stage -> {
                    Http2Peer client = stage.client();
                    Http2Upstream upstream = stage.answer(client.get(1, "/up/1"), 1, OK);
                    for (int stream = 3; stream < 20 && upstream != null; stream += 2) {
                        client.get(stream, "/up/" + stream);
                        upstream.head().send(OK);
                        client.until(stream);
                    }
                    client.sync();
                })
                .add("streams at once", stage -> {
                    Http2Peer client = stage.client().get(1, "/up/1").get(3, "/up/3");
                    Http2Upstream first = stage.accept().head();
                    Http2Upstream second = stage.accept().head();
                    second.send("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\ntwo");
                    client.until(3);
                    first.send("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none");
                    client.until(1).sync();
                })
                .ask("no route", request("GET", "/nowhere"))
                .ask("direct response", request("GET", "/direct"))
                .ask("direct response to head", request("HEAD", "/direct"))
                .ask("redirect", request("GET", "/moved"))
                .ask("no endpoint", request("GET", "/none"))
                .ask("endpoint refuses", request("GET", "/refused"))
                .add(
                        "no route, with a body to come",
                        stage -> stage.client()
                                .post(1, "/nowhere")
                                .until(1)
                                .data(1, "late", true)
                                .sync())
                .add(
                        "no route, with a body at once",
                        stage -> stage.client()
                                .postWith(1, "/nowhere", "early")
                                .until(1)
                                .sync())
                .add(
                        "direct response, with a body to come",
                        stage -> stage.client()
                                .post(1, "/direct")
                                .until(1)
                                .data(1, "part", false)
                                .data(1, "late", true)
                                .sync())
                .add(
                        "direct response, with a reset behind",
                        stage -> stage.client()
                                .post(1, "/direct")
                                .until(1)
                                .data(1, "part", false)
                                .reset(1, 8)
                                .sync())
                .add("early answer", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "part", false);
                    Http2Upstream upstream =
                            stage.accept().head().to("part\r\n").send(OK);
                    client.until(1);
                    client.data(1, "late", true).sync();
                    upstream.listen();
                })
                .add("early answer that lasts", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "part", false);
                    Http2Upstream upstream =
                            stage.accept().head().to("part\r\n").send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nok");
                    client.untilData(1, 2).data(1, "more", true);
                    upstream.to("0\r\n\r\n").send("ok");
                    client.until(1).sync();
                })
                .add("no answer in time", stage -> {
                    Http2Peer client = stage.client().get(1, "/slow");
                    Http2Upstream upstream = stage.accept().head();
                    client.until(1).sync();
                    upstream.rest();
                })
                .add("half an answer in time", stage -> {
                    Http2Peer client = stage.client().get(1, "/slow");
                    Http2Upstream upstream =
                            stage.accept().head().send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                    client.until(1).sync();
                    upstream.rest();
                });
    }

    private static Http2Listener resets() {
        return new Http2Listener("resets", "")
                .add("client resets before the answer", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.reset(1, 8).sync();
                    upstream.rest();
                })
                .add("client resets with NO_ERROR", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.reset(1, 0).sync();
                    upstream.rest();
                })
                .add("client refuses", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.reset(1, 7).sync();
                    upstream.rest();
                })
                .add("client resets with an unknown code", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.reset(1, 99).sync();
                    upstream.rest();
                })
                .add("client resets in the middle of its request", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "part", false);
                    Http2Upstream upstream = stage.accept().head().to("part\r\n");
                    client.reset(1, 8).sync();
                    upstream.rest();
                })
                .add("client resets in the middle of the answer", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream =
                            stage.accept().head().send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                    client.untilData(1, 4).reset(1, 8).sync();
                    upstream.rest();
                })
                .add("client leaves before the answer", stage -> {
                    Http2Peer client = stage.client().get(1, "/up").post(3, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    Http2Upstream other = stage.accept().head();
                    client.leave();
                    upstream.rest();
                    other.rest();
                })
                .add("client aborts before the answer", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.abort();
                    upstream.rest();
                })
                .add("client ends its direction", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.end();
                    upstream.rest();
                    client.untilEnd();
                })
                .add("upstream closes before the head", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    stage.accept().head().leave();
                    client.until(1).sync();
                })
                .add("upstream aborts before the head", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    stage.accept().head().abort();
                    client.until(1).sync();
                })
                .add("upstream closes before the head, with a body to come", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "part", false);
                    stage.accept().head().to("part\r\n").leave();
                    client.until(1).data(1, "late", true).sync();
                })
                .add("upstream closes behind the head", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream =
                            stage.accept().head().send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
                    client.untilHead(1);
                    upstream.leave();
                    client.until(1).sync();
                })
                .add("upstream closes in the middle", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream =
                            stage.accept().head().send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
                    client.untilData(1, 4);
                    upstream.leave();
                    client.until(1).sync();
                })
                .add("upstream aborts in the middle", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head().send(CHUNKED + "4\r\nhalf\r\n");
                    client.untilData(1, 4);
                    upstream.abort();
                    client.until(1).sync();
                })
                .add("upstream breaks the protocol in the middle", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head().send(CHUNKED + "4\r\nhalf\r\n");
                    client.untilData(1, 4);
                    upstream.send("zzz\r\n");
                    client.until(1).sync();
                    upstream.rest();
                })
                .add("upstream closes in the middle, with a body to come", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "part", false);
                    Http2Upstream upstream =
                            stage.accept().head().to("part\r\n").send(CHUNKED + "4\r\nhalf\r\n");
                    client.untilData(1, 4);
                    upstream.leave();
                    client.until(1).data(1, "late", true).sync();
                })
                .answered("answer is no HTTP", "hello\r\n\r\n")
                .add("answer that ends with the connection", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    stage.accept()
                            .head()
                            .send("HTTP/1.1 200 OK\r\n\r\nto the end")
                            .leave();
                    client.until(1).sync();
                })
                .add("upstream closes in the middle of chunks", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head().send(CHUNKED + "4\r\nhalf\r\n");
                    client.untilData(1, 4);
                    upstream.leave();
                    client.until(1).sync();
                });
    }
}
