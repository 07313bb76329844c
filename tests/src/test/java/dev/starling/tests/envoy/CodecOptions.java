package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.ExchangeCase.OK;
import static dev.starling.tests.envoy.ExchangeCase.head;
import static dev.starling.tests.envoy.OptionListener.closing;

import java.util.List;

/** HTTP/1 itself: versions, forms of targets, lengths, limits, underscores, 100 Continue. */
final class CodecOptions {

    private static final String CHUNKED = "transfer-encoding: chunked";
    private static final String TRAILERS = "5\r\nhello\r\n0\r\nX-T: after\r\n\r\n";

    private CodecOptions() {}

    static List<OptionListener> listeners() {
        return List.of(
                versions("plain", ""),
                versions("ten", "http_protocol_options: {accept_http_10: true}")
                        .add("0.9", "GET /up\r\n\r\n", OK)
                        .add("1.2", "GET /up HTTP/1.2\r\nhost: a.test\r\nconnection: close\r\n\r\n", OK)
                        .add("2.0", "GET /up HTTP/2.0\r\nhost: a.test\r\n\r\n", OK)
                        .add(
                                "1.0 posts chunks",
                                "POST /up HTTP/1.0\r\nhost: a.test\r\n" + CHUNKED + "\r\n\r\n0\r\n\r\n",
                                OK),
                versions("ten-host", "http_protocol_options: {accept_http_10: true, default_host_for_http_10: d.test}"),
                forms("relative-only", "http_protocol_options: {allow_absolute_url: false}"),
                forms("stream-error", "stream_error_on_invalid_http_message: true"),
                lengths("chunked-length", "http_protocol_options: {allow_chunked_length: true}"),
                lengths("trailers", "http_protocol_options: {enable_trailers: true}"),
                properCase(),
                expect("continue", "proxy_100_continue: true"),
                expect("no-continue", ""),
                underscores("drop-underscores", "DROP_HEADER"),
                underscores("reject-underscores", "REJECT_REQUEST"),
                new OptionListener("few-headers", "common_http_protocol_options: {max_headers_count: 4}")
                        .get("as many", "/up", "x-a: 1", "x-b: 2")
                        .get("more", "/up", "x-a: 1", "x-b: 2", "x-c: 3")
                        .add(
                                "more, in a post",
                                closing("POST", "/up", "content-length: 2", "x-b: 2", "x-c: 3") + "hi",
                                OK)
                        .add(
                                "more trailers",
                                closing("POST", "/up", CHUNKED)
                                        + "0\r\na: 1\r\nb: 1\r\nc: 1\r\nd: 1\r\ne: 1\r\nf: 1\r\n\r\n",
                                OK),
                new OptionListener("short-heads", "max_request_headers_kb: 1")
                        .get("a little less", "/up", "x-a: " + "a".repeat(900))
                        .get("longer", "/up", "x-a: " + "a".repeat(1_100))
                        .get("long target", "/up/" + "a".repeat(1_100))
                        .add("long, and no end", "GET /up HTTP/1.1\r\nhost: a.test\r\nx-a: " + "a".repeat(3_000), OK),
                new OptionListener("two-requests", "common_http_protocol_options: {max_requests_per_connection: 2}")
                        .add("one", head("GET", "/up"), OK)
                        .add("two", head("GET", "/up").repeat(2), OK)
                        .add("three", head("GET", "/up").repeat(3), OK)
                        .add("two local replies", head("GET", "/direct").repeat(3), OK));
    }

    private static OptionListener versions(String name, String options) {
        return new OptionListener(name, options)
                .add("1.0", "GET /up HTTP/1.0\r\nhost: a.test\r\n\r\n", OK)
                .add("1.0 without host", "GET /up HTTP/1.0\r\n\r\n", OK)
                .add("1.0 to head", "HEAD /direct HTTP/1.0\r\nhost: a.test\r\n\r\n", OK)
                .add("1.0 kept alive", "GET /up HTTP/1.0\r\nhost: a.test\r\nconnection: Keep-Alive\r\n\r\n", OK)
                .add(
                        "1.0 kept alive, chunked answer",
                        "GET /up HTTP/1.0\r\nhost: a.test\r\nconnection: keep-alive\r\n\r\n",
                        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
                .add(
                        "1.0 kept alive, no route",
                        "GET /x HTTP/1.0\r\nhost: a.test\r\nconnection: keep-alive\r\n\r\n",
                        OK)
                .add("1.0 posts", "POST /up HTTP/1.0\r\nhost: a.test\r\ncontent-length: 2\r\n\r\nhi", OK)
                .add(
                        "1.0 to head, kept alive",
                        "HEAD /x HTTP/1.0\r\nhost: a.test\r\nconnection: keep-alive\r\n\r\n",
                        OK)
                .add("1.0 absolute", "GET http://b.test/up HTTP/1.0\r\n\r\n", OK)
                .add("preface of http/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", OK)
                .add("trailers", closing("POST", "/up", CHUNKED) + TRAILERS, OK)
                .answered(
                        "trailers of the answer",
                        "HTTP/1.1 200 OK\r\ntrailer: x-t\r\ntransfer-encoding: chunked\r\n\r\n" + TRAILERS);
    }

    private static OptionListener forms(String name, String options) {
        return new OptionListener(name, options)
                .add(
                        "absolute form",
                        "GET http://b.test/up?x=1 HTTP/1.1\r\nhost: a.test\r\nconnection: close\r\n\r\n",
                        OK)
                .add("absolute form, https", "GET https://b.test/up HTTP/1.1\r\nhost: a.test\r\n\r\n", OK)
                .add("absolute form, other scheme", "GET ftp://b.test/up HTTP/1.1\r\nhost: a.test\r\n\r\n", OK)
                .add("absolute form without path", "GET http://b.test HTTP/1.1\r\nhost: a.test\r\n\r\n", OK)
                .add("absolute form, query at once", "GET http://b.test?x HTTP/1.1\r\nhost: a.test\r\n\r\n", OK)
                .add("asterisk", closing("GET", "*"), OK)
                .add("neither form", "GET up HTTP/1.1\r\nhost: a.test\r\n\r\n", OK)
                .add("no host", "GET /up HTTP/1.1\r\n\r\n", OK)
                .add("bad method", "G@T /up HTTP/1.1\r\nhost: a.test\r\n\r\n", OK)
                .add("bad length", head("POST", "/up", "content-length: x"), OK)
                .add("bad host", "GET /up HTTP/1.1\r\nhost: a/b\r\n\r\n", OK)
                .add("length and chunked", head("POST", "/up", "content-length: 2", CHUNKED) + "0\r\n\r\n", OK)
                .add("too many headers", "GET /up HTTP/1.1\r\nhost: a.test\r\n" + "x-a: 1\r\n".repeat(150) + "\r\n", OK)
                .add("no host, and another request", "GET /up HTTP/1.1\r\n\r\n" + head("GET", "/up"), OK)
                .add("nul", "GET /up HTTP/1.1\r\nhost: a.test\r\nx-a: a\0b\r\n\r\n", OK)
                .add("nonsense", "hello\r\n\r\n", OK)
                .add("connect", "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\n", OK);
    }

    private static OptionListener lengths(String name, String options) {
        return new OptionListener(name, options)
                .add("chunked then length", closing("POST", "/up", CHUNKED, "content-length: 2") + TRAILERS, OK)
                .add("length then chunked", closing("POST", "/up", "content-length: 9", CHUNKED) + TRAILERS, OK)
                .add("two equal lengths", closing("POST", "/up", "content-length: 2", "content-length: 2") + "hi", OK)
                .add("list of lengths", closing("POST", "/up", "content-length: 2, 2") + "hi", OK)
                .add("length with a sign", closing("POST", "/up", "content-length: +2") + "hi", OK)
                .add("huge length", closing("POST", "/up", "content-length: 99999999999999999999"), OK)
                .add("chunked twice", closing("POST", "/up", "transfer-encoding: chunked, chunked") + TRAILERS, OK)
                .add("gzip and chunked", closing("POST", "/up", "transfer-encoding: gzip, chunked") + TRAILERS, OK)
                .add("identity", closing("POST", "/up", "transfer-encoding: identity"), OK)
                .add("Chunked", closing("POST", "/up", "Transfer-Encoding: Chunked") + TRAILERS, OK)
                .add("chunked get", closing("GET", "/up", CHUNKED) + TRAILERS, OK)
                .add("get with length", closing("GET", "/up", "content-length: 2") + "hi", OK)
                .answered(
                        "chunked answer with a length",
                        "HTTP/1.1 200 OK\r\n" + CHUNKED + "\r\ncontent-length: 5\r\n\r\n" + TRAILERS)
                .answered("answer with trailers", "HTTP/1.1 200 OK\r\n" + CHUNKED + "\r\n\r\n" + TRAILERS)
                .head("head with chunked answer", "/up");
    }

    private static OptionListener properCase() {
        return new OptionListener("proper-case", "http_protocol_options: {header_key_format: {proper_case_words: {}}}")
                .get("request", "/up", "x-mixed-name: 1", "X-OTHER_name: 2", "etag: 3")
                .get("direct response", "/direct")
                .answered(
                        "answer",
                        "HTTP/1.1 200 OK\r\nx-a-b: 1\r\nx_c-d: 2\r\nX--E: 3\r\n1x-2y: 4\r\ncontent-length: 0\r\n\r\n")
                .answered("trailers", "HTTP/1.1 200 OK\r\n" + CHUNKED + "\r\n\r\n" + TRAILERS);
    }

    private static OptionListener expect(String name, String options) {
        String expecting = closing("POST", "/up", "content-length: 2", "expect: 100-continue") + "hi";
        return new OptionListener(name, options)
                .add("no word", expecting, OK)
                .add("said", expecting, "HTTP/1.1 100 Continue\r\n\r\n" + OK)
                .add("said with headers", expecting, "HTTP/1.1 100 Continue\r\nx-a: 1\r\n\r\n" + OK)
                .add("said twice", expecting, "HTTP/1.1 100 Continue\r\n\r\n".repeat(2) + OK)
                .add("refused", expecting, "HTTP/1.1 417 Expectation Failed\r\ncontent-length: 0\r\n\r\n")
                .answered("unasked", "HTTP/1.1 100 Continue\r\n\r\n" + OK)
                .answered("early hints", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK)
                .answered("processing", "HTTP/1.1 102 Processing\r\n\r\n" + OK)
                .add("mixed case", closing("POST", "/up", "content-length: 2", "Expect: 100-Continue") + "hi", OK)
                .add("other expectation", closing("POST", "/up", "content-length: 2", "expect: x") + "hi", OK)
                .add(
                        "of a direct response",
                        closing("POST", "/direct", "content-length: 2", "expect: 100-continue"),
                        OK)
                .add("without a body", closing("GET", "/up", "expect: 100-continue"), OK);
    }

    private static OptionListener underscores(String name, String action) {
        return new OptionListener(
                        name, "common_http_protocol_options: {headers_with_underscores_action: " + action + "}")
                .get("none", "/up", "x-a: 1")
                .get("one", "/up", "x_a: 1")
                .get("two", "/up", "x_a: 1", "x-b: 2", "_c: 3")
                .get("in a value", "/up", "x-a: b_c")
                .add("in a trailer", closing("POST", "/up", CHUNKED) + "0\r\nx_t: 1\r\n\r\n", OK)
                .add("kept alive", head("GET", "/up", "x_a: 1") + head("GET", "/up"), OK)
                .answered("in an answer", "HTTP/1.1 200 OK\r\nx_a: 1\r\ncontent-length: 0\r\n\r\n");
    }
}
