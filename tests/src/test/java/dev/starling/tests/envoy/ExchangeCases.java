package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;
import static dev.starling.tests.envoy.ExchangeCase.head;

import java.util.ArrayList;
import java.util.List;

/** The exchanges on a listener like most; the names say what each is about. */
final class ExchangeCases {

    private final List<ExchangeCase> cases = new ArrayList<>();

    private ExchangeCases() {}

    static List<ExchangeCase> all() {
        ExchangeCases all = new ExchangeCases();
        all.plain();
        all.routes();
        all.bodies();
        all.hopByHop();
        all.upstreamFaults();
        all.requestsRefused();
        return all.cases;
    }

    private void add(String name, String request, String answer) {
        cases.add(new ExchangeCase("web", name, request, answer));
    }

    private void get(String name, String path, String... headers) {
        add(name, head("GET", path, headers), OK);
    }

    private void answered(String name, String answer) {
        add(name, head("GET", "/up"), answer);
    }

    private void plain() {
        get("get", "/up");
        get("header case", "/up", "X-MiXeD: VaLuE");
        get("client's own request id", "/up", "x-request-id: 0123");
        get("forwarded for", "/up", "x-forwarded-for: 10.1.2.3, 10.4.5.6", "x-forwarded-proto: https");
        get(
                "envoy headers from outside",
                "/up",
                "x-envoy-internal: true",
                "x-envoy-retry-on: 5xx",
                "x-envoy-max-retries: 2");
        get("timeout header", "/up", "x-envoy-upstream-rq-timeout-ms: 50");
        get("expected timeout header", "/up", "x-envoy-expected-rq-timeout-ms: 77");
        get("a value for a format", "/up", "x-in: 7");
        get("same name twice", "/up", "x-a: 1", "x-a: 2");
        get("empty value", "/up", "x-a:");
        get("white space round a value", "/up", "x-a:  \t b \t ");
        get("cookies", "/up", "cookie: a=1", "cookie: b=2");
        add("head", head("HEAD", "/up"), "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n");
        add("options", head("OPTIONS", "*"), OK);
        add("unusual method", head("PROPFIND", "/up"), OK);
        add("absolute form", "GET http://b.test/up?x=1 HTTP/1.1\r\nhost: a.test\r\n\r\n", OK);
        add("two in a row", head("GET", "/up/1") + head("GET", "/up/2"), OK);
        add("http/1.0", "GET /up HTTP/1.0\r\nhost: a.test\r\n\r\n", OK);
        add("http/1.0 without host", "GET /up HTTP/1.0\r\n\r\n", OK);
        add("http/1.0 keep-alive", "GET /up HTTP/1.0\r\nhost: a.test\r\nconnection: keep-alive\r\n\r\n", OK);
        add(
                "http/1.0, answer of unknown length",
                "GET /up HTTP/1.0\r\nhost: a.test\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\nall<close>");
        add("empty line first", "\r\n" + head("GET", "/up"), OK);
        get("fragment", "/up#part");
        get("query", "/up?a=b&c=%20d");
        get("dots", "/up/../down");
        get("double slashes", "/up//a");
        get("encoded slash", "/up/%2Fa%00");
    }

    private void routes() {
        get("direct response", "/direct");
        add("direct response to head", head("HEAD", "/direct"), OK);
        get("redirect", "/moved");
        get("redirect of a prefix", "/old/a?b=c");
        get("rewrite", "/rewrite/a?b");
        get("rewrite by pattern", "/re/abc/d?e=f");
        get("no route", "/nowhere");
        get("no endpoint", "/none");
        get("refused", "/refused");
        get("too many requests", "/full");
        get("cluster by header", "/by-header", "x-cluster: up");
        get("cluster by a header that names none", "/by-header", "x-cluster: nothing");
        get("cluster by an absent header", "/by-header");
        get("cluster that is missing", "/missing");
        get("route by method", "/only-get");
        add("route by method, another", head("POST", "/only-get", "content-length: 0"), OK);
        get("route by query", "/query?b=2&a=1");
        get("route by query, another value", "/query?a=2");
        get("route by path part", "/parts/a");
        get("route by path part, not its end", "/partsa");
        add("route timeout", head("GET", "/slow"), "");
        add("route timeout after the head", head("GET", "/slow"), "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
        add("idle timeout of the route", head("GET", "/idle"), "");
        add("idle timeout after the head", head("GET", "/idle"), "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
    }

    private void bodies() {
        add("post", head("POST", "/up", "content-length: 5") + "hello", OK);
        add("chunked post", head("POST", "/up", "transfer-encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n", OK);
        add(
                "chunked post with trailers",
                head("POST", "/up", "transfer-encoding: chunked") + "5\r\nhello\r\n0\r\nX-T: after\r\n\r\n",
                OK);
        add("chunk extension", head("POST", "/up", "transfer-encoding: chunked") + "5;a=b\r\nhello\r\n0\r\n\r\n", OK);
        add("post without a length", head("POST", "/up"), OK);
        add("expect", head("POST", "/up", "content-length: 2", "expect: 100-continue") + "hi", OK);
        add(
                "expect, and the upstream says continue",
                head("POST", "/up", "content-length: 2", "expect: 100-continue") + "hi",
                "HTTP/1.1 100 Continue\r\n\r\n" + OK);
        answered("chunked answer", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        answered(
                "chunked answer with trailers",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: t\r\n\r\n");
        answered("answer until the end", "HTTP/1.1 200 OK\r\n\r\nabc<close>");
        answered("no content", "HTTP/1.1 204 No Content\r\n\r\n");
        answered("no content with a length", "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n");
        answered("not modified with a length", "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n");
        answered("continue unasked", "HTTP/1.1 100 Continue\r\n\r\n" + OK);
        answered("early hints", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK);
        add(
                "early answer",
                head("POST", "/up", "content-length: 100") + "some",
                "HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n");
        add(
                "early answer and close",
                head("POST", "/up", "content-length: 100") + "some",
                "HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n<close>");
        answered("answer to http/1.0", "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok");
        answered("reason of its own", "HTTP/1.1 299 Whatever\r\ncontent-length: 0\r\n\r\n");
        answered("without a reason", "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n");
        answered("header to remove", "HTTP/1.1 200 OK\r\nx-secret: s\r\nx-a: 1\r\ncontent-length: 0\r\n\r\n");
        answered(
                "its own server and date",
                "HTTP/1.1 200 OK\r\nserver: me\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\ncontent-length: 0\r\n\r\n");
        answered(
                "envoy headers of the upstream",
                "HTTP/1.1 200 OK\r\nx-envoy-upstream-service-time: 5\r\nx-envoy-attempt-count: 9\r\ncontent-length: 0\r\n\r\n");
    }

    private void hopByHop() {
        get("close", "/up", "connection: close");
        get("connection names a header", "/up", "connection: x-a", "x-a: 1");
        get("connection and keep-alive", "/up", "connection: keep-alive", "keep-alive: timeout=5");
        get("proxy-connection", "/up", "proxy-connection: keep-alive");
        get("proxy-connection close", "/up", "proxy-connection: Close");
        get("te trailers", "/up", "te: trailers", "connection: te");
        get("te other", "/up", "te: gzip");
        get("upgrade", "/up", "connection: upgrade", "upgrade: websocket");
        get(
                "upgrade to h2c",
                "/up",
                "connection: upgrade, http2-settings",
                "upgrade: h2c",
                "http2-settings: AAMAAABkAARAAAAAAAIAAAAA");
        answered("answer closes", "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok<close>");
        answered(
                "answer with keep-alive",
                "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nkeep-alive: timeout=5\r\ncontent-length: 2\r\n\r\nok");
        answered(
                "answer upgrades unasked",
                "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
        add("connect", "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\n", OK);
    }

    private void upstreamFaults() {
        answered("closes at once", "<close>");
        answered("resets at once", "<reset>");
        answered("closes in the head", "HTTP/1.1 200 OK\r\ncontent-<close>");
        answered("closes in the body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf<close>");
        answered("closes in the chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab<close>");
        answered("garbage", "what is this\r\n\r\n");
        answered("two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nokk");
        answered(
                "length and chunked",
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n");
        answered("bad chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n");
        answered("status of four digits", "HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n");
        answered("unknown transfer coding", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n");
        answered("more than its length", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokmore");
        answered("head too long", "HTTP/1.1 200 OK\r\nx-a: " + "a".repeat(70_000) + "\r\n\r\n");
    }

    private void requestsRefused() {
        add("no host", "GET /up HTTP/1.1\r\n\r\n", OK);
        add("two hosts", "GET /up HTTP/1.1\r\nhost: a.test\r\nhost: b.test\r\n\r\n", OK);
        add("bad method", "G@T /up HTTP/1.1\r\nhost: a.test\r\n\r\n", OK);
        add("bad version", "GET /up HTTP/7.3\r\nhost: a.test\r\n\r\n", OK);
        add("two lengths in a request", head("POST", "/up", "content-length: 2", "content-length: 3") + "abc", OK);
        add(
                "length and chunked in a request",
                head("POST", "/up", "content-length: 2", "transfer-encoding: chunked") + "2\r\nhi\r\n0\r\n\r\n",
                OK);
        add("bad length", head("POST", "/up", "content-length: -1"), OK);
        add("bad chunk in a request", head("POST", "/up", "transfer-encoding: chunked") + "xyz\r\n", OK);
        add("unknown transfer coding in a request", head("POST", "/up", "transfer-encoding: gzip"), OK);
        add("folded header", "GET /up HTTP/1.1\r\nhost: a.test\r\nx-a: 1\r\n  2\r\n\r\n", OK);
        add("space before the colon", "GET /up HTTP/1.1\r\nhost: a.test\r\nx-a : 1\r\n\r\n", OK);
        add("nul in a value", "GET /up HTTP/1.1\r\nhost: a.test\r\nx-a: a\0b\r\n\r\n", OK);
        add("head too large", "GET /up HTTP/1.1\r\nhost: a.test\r\nx-a: " + "a".repeat(70_000) + "\r\n\r\n", OK);
        add("too many headers", "GET /up HTTP/1.1\r\nhost: a.test\r\n" + "x-a: 1\r\n".repeat(150) + "\r\n", OK);
        add("space in the path", "GET /up a HTTP/1.1\r\nhost: a.test\r\n\r\n", OK);
        add("nonsense", "hello\r\n\r\n", OK);
        add("no path", "GET HTTP/1.1\r\nhost: a.test\r\n\r\n", OK);
        get("underscore in a name", "/up", "x_a: 1");
    }
}
