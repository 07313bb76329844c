package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.Http2Case.OK;
import static dev.starling.tests.envoy.Http2Peer.CONTINUATION;
import static dev.starling.tests.envoy.Http2Peer.END_HEADERS;
import static dev.starling.tests.envoy.Http2Peer.END_STREAM;
import static dev.starling.tests.envoy.Http2Peer.HEADERS;
import static dev.starling.tests.envoy.Http2Peer.block;
import static dev.starling.tests.envoy.Http2Peer.request;

import java.util.List;

/** Requests that RFC 9113 8 calls malformed, and some that look so; which end their streams and which their connections. */
final class Http2Malformed {

    private Http2Malformed() {}

    static List<Http2Listener> listeners() {
        return List.of(
                messages("strict", ""),
                messages("lenient", "http2_protocol_options: {override_stream_error_on_invalid_http_message: true}"),
                bodies("strict-body", ""),
                bodies("lenient-body", "http2_protocol_options: {override_stream_error_on_invalid_http_message: true}"),
                new Http2Listener("lenient-by-manager", "stream_error_on_invalid_http_message: true")
                        .ask("no path", ":method: GET", ":scheme: http", ":authority: a")
                        .ask("no host", ":method: GET", ":scheme: http", ":path: /up"),
                paths("normal-paths", "normalize_path: true\nmerge_slashes: true"),
                limits(),
                underscores("allow-underscores", "ALLOW"),
                underscores("drop-underscores", "DROP_HEADER"),
                underscores("reject-underscores", "REJECT_REQUEST"));
    }

    private static Http2Listener messages(String name, String options) {
        return new Http2Listener(name, options)
                .ask("nothing")
                .ask("no method", ":scheme: http", ":authority: a", ":path: /up")
                .ask("no scheme", ":method: GET", ":authority: a", ":path: /up")
                .ask("no path", ":method: GET", ":scheme: http", ":authority: a")
                .ask("no authority", ":method: GET", ":scheme: http", ":path: /up")
                .ask("host instead of authority", ":method: GET", ":scheme: http", ":path: /up", "host: b.test")
                .get("host that agrees", "host: a.test")
                .get("host that differs", "host: b.test")
                .get("two hosts", "host: a.test", "host: a.test")
                .get("empty host", "host: ")
                .ask("empty method", ":method: ", ":scheme: http", ":authority: a", ":path: /up")
                .ask("empty scheme", ":method: GET", ":scheme: ", ":authority: a", ":path: /up")
                .ask("empty authority", ":method: GET", ":scheme: http", ":authority: ", ":path: /up")
                .ask("empty path", ":method: GET", ":scheme: http", ":authority: a", ":path: ")
                .get("path twice", ":path: /up")
                .ask("path twice at once", ":method: GET", ":path: /up", ":path: /up", ":scheme: http", ":authority: a")
                .ask("authority twice", ":method: GET", ":authority: a", ":authority: a", ":scheme: http", ":path: /up")
                .ask("unknown pseudo-header", ":method: GET", ":x: 1", ":scheme: http", ":authority: a", ":path: /up")
                .ask("status", ":method: GET", ":status: 200", ":scheme: http", ":authority: a", ":path: /up")
                .ask("protocol", ":method: GET", ":protocol: x", ":scheme: http", ":authority: a", ":path: /up")
                .ask("pseudo-header behind", ":method: GET", ":scheme: http", "x-a: 1", ":authority: a", ":path: /up")
                .get("connection", "connection: close")
                .get("keep-alive", "keep-alive: 1")
                .get("proxy-connection", "proxy-connection: keep-alive")
                .get("transfer-encoding", "transfer-encoding: chunked")
                .get("upgrade", "upgrade: websocket")
                .get("http2-settings", "http2-settings: x")
                .get("te trailers", "te: trailers")
                .get("te gzip", "te: gzip")
                .get("te trailers and more", "te: trailers, gzip")
                .get("te Trailers", "te: Trailers")
                .get("upper case", "X-A: 1")
                .get("space in a name", "x a: 1")
                .get("space behind a name", "x-a : 1")
                .get("empty name", ": 1")
                .get("delimiter in a name", "x(a: 1")
                .get("other bytes in a name", "x-\u00e4: 1")
                .get("nul in a value", "x-a: b\0c")
                .get("line feed in a value", "x-a: b\nc")
                .get("carriage return in a value", "x-a: b\rc")
                .get("control in a value", "x-a: b\u0001c")
                .get("del in a value", "x-a: b\u007fc")
                .get("tab in a value", "x-a: b\tc")
                .get("other bytes in a value", "x-a: b\u00e4c")
                .get("spaces around a value", "x-a:  b ")
                .get("tab before a value", "x-a: \tb")
                .get("empty value", "x-a: ")
                .get("long name", "x-" + "a".repeat(300) + ": 1")
                .get("cookies in pieces", "cookie: a=1", "x-b: 2", "cookie: b=2", "cookie: c=3")
                .get("one cookie", "cookie: a=1; b=2")
                .get("content-length of nothing", "content-length: 0")
                .get("content-length without a body", "content-length: 2")
                .get("content-length that is none", "content-length: x")
                .get("negative content-length", "content-length: -1")
                .get("content-length with a sign", "content-length: +1")
                .get("empty content-length", "content-length: ")
                .get("two content-lengths", "content-length: 0", "content-length: 0")
                .ask("connect", ":method: CONNECT", ":authority: a.test:443")
                .ask("connect with a path", ":method: CONNECT", ":scheme: http", ":authority: a.test:443", ":path: /up")
                .ask("connect without authority", ":method: CONNECT")
                .ask("unknown method", request("BREW", "/up"))
                .ask("lower case method", request("get", "/up"))
                .ask("method with a space", request("G T", "/up"))
                .ask("method with a delimiter", request("G@T", "/up"))
                .ask("https", ":method: GET", ":scheme: https", ":authority: a", ":path: /up")
                .ask("ftp", ":method: GET", ":scheme: ftp", ":authority: a", ":path: /up")
                .ask("scheme with a space", ":method: GET", ":scheme: ht tp", ":authority: a", ":path: /up")
                .ask("absolute path", request("GET", "http://a.test/up"))
                .ask("relative path", request("GET", "up"))
                .ask("asterisk of get", request("GET", "*"))
                .ask("query only", request("GET", "?x"))
                .ask("path with a space", request("GET", "/up /b"))
                .ask("path with a tab", request("GET", "/up\tb"))
                .ask("path with a fragment", request("GET", "/up#b"))
                .ask("path with other bytes", request("GET", "/up/\u00e4"))
                .ask("path with a nul", request("GET", "/up/\0"))
                .ask("path with a quote", request("GET", "/up/\"<>|"))
                .ask("path with dots", request("GET", "/x/../up"))
                .ask("authority with user", ":method: GET", ":scheme: http", ":authority: u@a.test", ":path: /up")
                .ask("authority with a slash", ":method: GET", ":scheme: http", ":authority: a/b", ":path: /up")
                .ask("authority with a space", ":method: GET", ":scheme: http", ":authority: a b", ":path: /up")
                .ask("authority with a port", ":method: GET", ":scheme: http", ":authority: a.test:99", ":path: /up")
                .ask("authority of IPv6", ":method: GET", ":scheme: http", ":authority: [::1]:80", ":path: /up")
                .add("malformed, and other streams", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.headers(3, Http2Peer.WHOLE, ":method: GET").sync();
                    upstream.send(OK);
                    client.until(1).sync();
                });
    }

    private static Http2Listener bodies(String name, String options) {
        return new Http2Listener(name, options)
                .add("body shorter than its length", stage -> {
                    Http2Peer client = stage.client().post(1, "/up", "content-length: 5");
                    Http2Upstream upstream = stage.accept().head();
                    client.data(1, "four", true).sync();
                    upstream.rest();
                })
                .add("body longer than its length", stage -> {
                    Http2Peer client = stage.client().post(1, "/up", "content-length: 3");
                    Http2Upstream upstream = stage.accept().head();
                    client.data(1, "four", true).sync();
                    upstream.rest();
                })
                .add("no body where a length is told", stage -> {
                    Http2Peer client = stage.client().post(1, "/up", "content-length: 3");
                    Http2Upstream upstream = stage.accept().head();
                    client.trailers(1, "x-t: 1").sync();
                    upstream.rest();
                })
                .add("trailers that do not end", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.headers(1, END_HEADERS, "x-t: 1").sync();
                    upstream.rest();
                })
                .add("pseudo-header in trailers", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.trailers(1, ":path: /").sync();
                    upstream.rest();
                })
                .add("upper case in trailers", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.trailers(1, "X-T: 1").sync();
                    upstream.rest();
                })
                .add("connection header in trailers", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.trailers(1, "connection: close").sync();
                    upstream.rest();
                })
                .add("empty trailers", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.trailers(1);
                    upstream.to("\r\n\r\n").send(OK);
                    client.until(1).sync();
                })
                .add("malformed behind the answer's head", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream =
                            stage.accept().head().to("body\r\n").send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nha");
                    client.untilData(1, 2).trailers(1, "X-T: 1").sync();
                    upstream.rest();
                });
    }

    private static Http2Listener paths(String name, String options) {
        return new Http2Listener(name, options)
                .ask("dots", request("GET", "/x/../up//a"))
                .ask("above the root", request("GET", "/../../up"))
                .ask("nul, escaped", request("GET", "/up/%00"));
    }

    private static Http2Listener limits() {
        return new Http2Listener(
                        "short-heads",
                        "max_request_headers_kb: 1\ncommon_http_protocol_options: {max_headers_count: 8}")
                .get("a little less", "x-a: " + "a".repeat(700))
                .get("larger", "x-a: " + "a".repeat(1100))
                .get("much larger", "x-a: " + "a".repeat(9000))
                .get("as many", "x-a: 1", "x-b: 1", "x-c: 1", "x-d: 1")
                .get("more", "x-a: 1", "x-b: 1", "x-c: 1", "x-d: 1", "x-e: 1")
                .add("more, and another request", stage -> {
                    Http2Peer client = stage.client()
                            .get(1, "/up", "x-a: 1", "x-b: 1", "x-c: 1", "x-d: 1", "x-e: 1")
                            .until(1)
                            .get(3, "/up");
                    stage.answer(client, 3, OK);
                    client.sync();
                })
                .add("trailers larger", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.trailers(1, "x-t: " + "a".repeat(1100)).sync();
                    upstream.rest();
                })
                .add("more trailers", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.trailers(1, "a: 1", "b: 1", "c: 1", "d: 1", "e: 1", "f: 1", "g: 1", "h: 1", "i: 1", "j: 1")
                            .sync();
                    upstream.rest();
                })
                .add("head in two frames", stage -> {
                    String block = block(request("GET", "/up", "x-a: 1"));
                    Http2Peer client = stage.client()
                            .frame(HEADERS, END_STREAM, 1, block.substring(0, 20))
                            .frame(CONTINUATION, END_HEADERS, 1, block.substring(20));
                    stage.answer(client, 1, OK);
                    client.sync();
                })
                .add("many continuations", stage -> {
                    String block = block(request("GET", "/up", "x-a: 1"));
                    Http2Peer client = stage.client().frame(HEADERS, END_STREAM, 1, block.substring(0, 1));
                    for (int i = 1; i < block.length() - 1; i++) {
                        client.frame(CONTINUATION, 0, 1, block.substring(i, i + 1));
                    }
                    client.frame(CONTINUATION, END_HEADERS, 1, block.substring(block.length() - 1));
                    stage.answer(client, 1, OK);
                    client.sync();
                });
    }

    private static Http2Listener underscores(String name, String action) {
        return new Http2Listener(
                        name, "common_http_protocol_options: {headers_with_underscores_action: " + action + "}")
                .get("none", "x-a: 1")
                .get("one", "x_a: 1")
                .get("in a value", "x-a: b_c")
                .add("in trailers", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "body", false);
                    Http2Upstream upstream = stage.accept().head().to("body\r\n");
                    client.trailers(1, "x_t: 1").sync();
                    upstream.listen();
                })
                .add("one, and another request", stage -> {
                    Http2Peer client =
                            stage.client().get(1, "/direct", "x_a: 1").until(1).get(3, "/direct");
                    client.until(3).sync();
                });
    }
}
