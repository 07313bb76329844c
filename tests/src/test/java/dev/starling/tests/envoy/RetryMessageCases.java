package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Answers that begin before they fail, and requests that are no plain GET. */
final class RetryMessageCases {

    private static final String BEGUN = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";
    private static final String FAILED = "HTTP/1.1 503 No\r\ncontent-length: 10\r\n\r\nhalf";
    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    private static final String NO = "HTTP/1.1 503 No\r\ncontent-length: 2\r\n\r\nno";

    private RetryMessageCases() {}

    static List<RetryCase> all() {
        List<RetryCase> all = new ArrayList<>();
        begun(all);
        interim(all);
        methods(all);
        tunnels(all);
        connect(all);
        return all;
    }

    private static void begun(List<RetryCase> all) {
        String policy = "retry_on: '5xx,reset', num_retries: 3";
        all.add(RetryCase.of("begun: then closed").policy(policy).answers(BEGUN + "<close>", "200"));
        all.add(RetryCase.of("begun: then reset").policy(policy).answers(BEGUN + "<reset>", "200"));
        all.add(RetryCase.of("begun: failed, then closed").policy(policy).answers(FAILED + "<close>", "200"));
        all.add(RetryCase.of("begun: failed, and complete").policy(policy).answers(NO, "200"));
        all.add(RetryCase.of("begun: failed, and never ends").policy(policy).answers(FAILED, "200"));
        all.add(RetryCase.of("begun: failed, in chunks")
                .policy(policy)
                .answers("HTTP/1.1 503 No\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\nx-t: v\r\n\r\n", "200"));
        all.add(RetryCase.of("begun: the second, then closed").policy(policy).answers("503", BEGUN + "<close>", "200"));
        all.add(RetryCase.of("begun: closed in the head")
                .policy(policy)
                .answers("HTTP/1.1 200 OK\r\ncontent-<close>", "200"));
        all.add(RetryCase.of("begun: bad chunk")
                .policy(policy)
                .answers("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "200"));
        all.add(RetryCase.of("begun: HTTP/2, then reset")
                .policy(policy)
                .to("up2")
                .answers("part-2", "ok"));
        all.add(RetryCase.of("begun: HTTP/2, then closed")
                .policy(policy)
                .to("up2")
                .answers("part-99", "ok"));
        all.add(RetryCase.of("begun: HTTP/2, no status")
                .policy(policy)
                .to("up2")
                .answers("nostatus", "ok"));
        all.add(RetryCase.of("begun: large, failed, and never ends")
                .policy(policy)
                .answers("HTTP/1.1 503 No\r\ncontent-length: 100001\r\n\r\n" + "x".repeat(100_000), "200"));
        all.add(RetryCase.of("begun: the last is large and failed")
                .policy("retry_on: 5xx")
                .answers("503", "HTTP/1.1 503 No\r\ncontent-length: 100000\r\n\r\n" + "x".repeat(100_000)));
        all.add(RetryCase.of("begun: HTTP/2, goes away in the middle of nothing")
                .policy(policy)
                .to("up2")
                .answers("okgoaway"));
        all.add(RetryCase.of("begun: failed, and closes")
                .policy(policy)
                .answers("HTTP/1.1 503 No\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno<close>", "200"));
        all.add(RetryCase.of("begun: failed, until the end")
                .policy(policy)
                .answers("HTTP/1.1 503 No\r\n\r\nno<close>", "200"));
    }

    private static void interim(List<RetryCase> all) {
        for (String interim : List.of(CONTINUE, HINTS)) {
            String name = interim.substring(9, 12);
            all.add(RetryCase.of("interim: " + name + ", then 503").on("5xx").answers(interim + NO, "200"));
            all.add(RetryCase.of("interim: " + name + ", then closed").on("5xx").answers(interim + "<close>", "200"));
            all.add(RetryCase.of("interim: " + name + ", then 503, expected")
                    .on("5xx")
                    .client(stage ->
                            stage.http1(stage.head("POST", "content-length: 5", "expect: 100-continue") + "hello"))
                    .answers("<early>" + interim + NO, "200"));
            all.add(RetryCase.of("interim: " + name + " in the second attempt")
                    .policy("retry_on: 5xx, num_retries: 3")
                    .answers("503", interim + NO, "200"));
        }
        all.add(RetryCase.of("interim: 100, then silence")
                .action("timeout: 0.3s")
                .policy("retry_on: 5xx, per_try_timeout: 0.1s")
                .answers(CONTINUE, "200"));
        all.add(RetryCase.of("interim: of HTTP/2").on("5xx").to("up2").answers("info-103", "ok"));
    }

    private static void methods(List<RetryCase> all) {
        for (String method : List.of("HEAD", "DELETE", "PUT")) {
            all.add(RetryCase.of("method: " + method)
                    .on("5xx")
                    .client(stage -> stage.http1(stage.head(method)))
                    .answers(
                            "HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n",
                            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
        }
        all.add(RetryCase.of("method: HEAD, limit with a reset")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("HEAD")))
                .answers("<close>"));
        all.add(RetryCase.of("method: two requests on a connection")
                .on("5xx")
                .client(stage ->
                        stage.http1(stage.head("GET").replace("connection: close\r\n", "") + stage.head("GET")))
                .answers("503", "200", "<close>", "200"));
        all.add(RetryCase.of("method: overloaded, says the endpoint")
                .on("5xx")
                .answers("503 x-envoy-overloaded: true", "200"));
        all.add(RetryCase.of("method: trailers without a body, of HTTP/2")
                .on("5xx")
                .to("up2")
                .client(stage -> stage.http2(wire -> wire.together(() -> {
                    wire.headers(1, false, stage.fields("POST"));
                    wire.headers(1, true, "x-t: after");
                })))
                .answers("~status-503", "~ok"));
        all.add(RetryCase.of("method: answered before it is sent")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 5") + "he", 300))
                .answers("<early>200", "200"));
        all.add(RetryCase.of("method: answered before it is sent, the second time")
                .on("5xx")
                .client(stage -> stage.http1(stage.head("POST", "content-length: 5") + "he", 300))
                .answers("<early>503", "<early>200"));
        all.add(RetryCase.of("method: reset by a client of HTTP/2 in the second attempt")
                .on("5xx")
                .to("up2")
                .client(stage -> stage.http2(wire -> {
                    wire.headers(1, true, stage.fields("GET"));
                    stage.awaitAttempts(2);
                    wire.together(() -> {
                        wire.reset(1, 8);
                        wire.headers(3, true, stage.fields("GET"));
                    });
                }))
                .answers("rst-7", "never", "ok"));
        all.add(RetryCase.of("method: GET of HTTP/2")
                .on("5xx")
                .client(stage -> stage.http2(wire -> wire.headers(1, true, stage.fields("GET"))))
                .answers("503", "200"));
        all.add(RetryCase.of("method: GET of HTTP/2, limit")
                .on("5xx")
                .client(stage -> stage.http2(wire -> wire.headers(1, true, stage.fields("GET"))))
                .answers("<close>"));
        all.add(RetryCase.of("method: GET of HTTP/2, empty DATA at the end")
                .on("5xx")
                .client(stage -> stage.http2(wire -> {
                    wire.headers(1, false, stage.fields("GET"));
                    wire.data(1, "", true);
                }))
                .answers("503", "200"));
    }

    private static void tunnels(List<RetryCase> all) {
        String switching = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
        for (String answer : List.of("503", "<close>", "404")) {
            all.add(RetryCase.of("tunnel: websocket, " + answer)
                    .policy("retry_on: 5xx, num_retries: 2")
                    .client(RetryMessageCases::websocket)
                    .answers(answer, switching));
        }
        all.add(RetryCase.of("tunnel: websocket, limit")
                .on("5xx")
                .client(RetryMessageCases::refused)
                .answers("503"));
        all.add(RetryCase.of("tunnel: websocket, time of a try")
                .policy("retry_on: 5xx, per_try_timeout: 0.2s")
                .client(RetryMessageCases::websocket)
                .answers("", switching));
        all.add(RetryCase.of("tunnel: websocket, silent")
                .policy("retry_on: 5xx, per_try_idle_timeout: 0.1s")
                .client(RetryMessageCases::websocket)
                .answers(switching));
    }

    /** The only route of its virtual host, as CONNECT has no path. */
    private static void connect(List<RetryCase> all) {
        for (String answer : List.of("503", "<close>")) {
            all.add(RetryCase.of("tunnel: connect, " + answer)
                    .host("include_request_attempt_count: true, response_headers_to_remove: [x-" + answer.length()
                            + "]")
                    .match("connect_matcher: {}")
                    .policy("retry_on: 5xx, num_retries: 2")
                    .client(stage -> {
                        String target = stage.host() + ":443";
                        return stage.http1("CONNECT " + target + " HTTP/1.1\r\nhost: " + target + "\r\n\r\nhello", 300);
                    })
                    .answers(answer, "HTTP/1.1 200 OK\r\n\r\n"));
        }
    }

    private static String upgrade(RetryStage stage) {
        return stage.head("GET", "upgrade: websocket").replace("connection: close", "connection: upgrade");
    }

    private static String refused(RetryStage stage) throws java.io.IOException {
        try (Socket socket = stage.connect()) {
            socket.setSoTimeout(300);
            return ClientTalk.http1(socket, upgrade(stage));
        }
    }

    /** Says something at once, and again when it has been let in. */
    private static String websocket(RetryStage stage) throws java.io.IOException {
        try (Socket socket = stage.connect()) {
            socket.setSoTimeout(300);
            String got = ClientTalk.http1(socket, upgrade(stage) + "hello");
            if (got.startsWith("HTTP/1.1 101")) {
                socket.getOutputStream().write("again".getBytes(ISO_8859_1));
                got += ClientTalk.http1(socket);
            }
            return got;
        }
    }
}
