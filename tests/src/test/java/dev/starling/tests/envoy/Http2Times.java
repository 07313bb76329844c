package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.Http2Case.OK;
import static dev.starling.tests.envoy.Http2Peer.CONTINUATION;
import static dev.starling.tests.envoy.Http2Peer.DATA;
import static dev.starling.tests.envoy.Http2Peer.END_HEADERS;
import static dev.starling.tests.envoy.Http2Peer.END_STREAM;
import static dev.starling.tests.envoy.Http2Peer.HEADERS;
import static dev.starling.tests.envoy.Http2Peer.PING;
import static dev.starling.tests.envoy.Http2Peer.PRIORITY;
import static dev.starling.tests.envoy.Http2Peer.SETTINGS;
import static dev.starling.tests.envoy.Http2Peer.WINDOW_UPDATE;
import static dev.starling.tests.envoy.Http2Peer.block;
import static dev.starling.tests.envoy.Http2Peer.request;

import java.util.List;

/** How connections and streams end when their time is up, when there is to be no more, and when a client does too much. */
final class Http2Times {

    private static final String HALF = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf";

    private Http2Times() {}

    static List<Http2Listener> listeners() {
        return List.of(
                idle("idle-connection", "common_http_protocol_options: {idle_timeout: 0.2s}\ndrain_timeout: 0.1s"),
                idle(
                        "short-connection",
                        "common_http_protocol_options: {max_connection_duration: 0.2s}\ndrain_timeout: 0.1s"),
                streams("idle-stream", "stream_idle_timeout: 0.2s"),
                streams("short-stream", "common_http_protocol_options: {max_stream_duration: 0.2s}"),
                streams("request-timeout", "request_timeout: 0.2s"),
                streams("head-timeout", "request_headers_timeout: 0.2s"),
                requests(),
                drained(),
                keepalive(),
                floods());
    }

    private static Http2Listener idle(String name, String options) {
        return new Http2Listener(name, options)
                .add("nothing sent", stage -> stage.client().untilEnd())
                .add("preface only", stage -> stage.raw().begin().untilEnd())
                .add(
                        "nothing behind a request",
                        stage -> stage.client().get(1, "/direct").until(1).untilEnd())
                .add(
                        "request in the time of grace",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .untilGoAways(1)
                                .get(3, "/direct")
                                .until(3)
                                .untilEnd())
                .add("request at work", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.settle(400);
                    upstream.send(OK);
                    client.until(1).untilEnd();
                });
    }

    private static Http2Listener streams(String name, String options) {
        return new Http2Listener(name, options)
                .add("half a head", stage -> {
                    String block = block(request("GET", "/up"));
                    stage.client()
                            .frame(HEADERS, END_STREAM, 1, block.substring(0, 10))
                            .settle(300)
                            .frame(CONTINUATION, END_HEADERS, 1, block.substring(10))
                            .sync();
                })
                .add("half a head, and then a request", stage -> {
                    String block = block(request("GET", "/up"));
                    stage.client()
                            .frame(HEADERS, END_STREAM, 1, block.substring(0, 10))
                            .settle(300)
                            .frame(CONTINUATION, END_HEADERS, 1, block.substring(10))
                            .get(3, "/direct")
                            .until(3)
                            .sync();
                })
                .add("half a body", stage -> {
                    Http2Peer client = stage.client().post(1, "/up").data(1, "half", false);
                    Http2Upstream upstream = stage.accept().head().to("half\r\n");
                    client.settle(300);
                    upstream.listen();
                })
                .add("no answer", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.settle(300);
                    upstream.listen();
                })
                .add("half an answer", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head().send(HALF);
                    client.untilData(1, 4).settle(300);
                    upstream.listen();
                })
                .add("answer that the client does not take", stage -> {
                    Http2Peer client = stage.raw().begin(4, 4).get(1, "/direct").untilData(1, 4);
                    client.settle(300).sync();
                });
    }

    private static Http2Listener requests() {
        return new Http2Listener(
                        "two-requests",
                        "common_http_protocol_options: {max_requests_per_connection: 2}\ndrain_timeout: 0.1s")
                .add("one", stage -> stage.client().get(1, "/direct").until(1).sync())
                .add(
                        "two",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .get(3, "/direct")
                                .until(3)
                                .untilEnd())
                .add(
                        "three",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .get(3, "/direct")
                                .until(3)
                                .get(5, "/direct")
                                .until(5)
                                .untilEnd())
                .add("two at work", stage -> {
                    Http2Peer client = stage.client().get(1, "/up").get(3, "/up");
                    Http2Upstream first = stage.accept().head();
                    Http2Upstream second = stage.accept().head();
                    client.untilGoAways(2);
                    first.send(OK);
                    second.send(OK);
                    client.until(1).until(3).untilEnd();
                });
    }

    /** Health checks fail, so that connections are to go elsewhere. */
    private static Http2Listener drained() {
        return new Http2Listener("drained", "drain_timeout: 0.1s")
                .add("request", stage -> {
                    Http2Peer client = stage.client().get(1, "/direct").until(1);
                    stage.proxy().post("/healthcheck/fail");
                    client.get(3, "/direct").until(3).untilEnd();
                    stage.proxy().post("/healthcheck/ok");
                })
                .add("requests at work", stage -> {
                    Http2Peer client = stage.client().get(1, "/up").get(3, "/up");
                    Http2Upstream first = stage.accept().head();
                    Http2Upstream second = stage.accept().head();
                    stage.proxy().post("/healthcheck/fail");
                    first.send(OK);
                    client.until(1).untilGoAways(2).get(5, "/direct").sync();
                    second.send(OK);
                    client.until(3).untilEnd();
                    stage.proxy().post("/healthcheck/ok");
                });
    }

    private static Http2Listener keepalive() {
        return Http2Listener.with(
                        "keepalive",
                        "connection_keepalive: {interval: 0.1s, timeout: 0.1s, interval_jitter: {value: 0}}")
                .add("not answered", stage -> stage.client().untilEnd())
                .add("not answered with a request at work", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.untilEnd();
                    upstream.rest();
                })
                .add(
                        "answered twice",
                        stage -> stage.client()
                                .untilPings(1)
                                .answerPing()
                                .untilPings(2)
                                .answerPing()
                                .untilPings(3)
                                .untilEnd())
                .add(
                        "answered wrongly",
                        stage -> stage.client()
                                .untilPings(1)
                                .frame(PING, Http2Peer.ACK, 0, "12345678")
                                .untilEnd());
    }

    private static Http2Listener floods() {
        return Http2Listener.with(
                        "floods",
                        "max_outbound_control_frames: 50,"
                                + " max_consecutive_inbound_frames_with_empty_payload: 3,"
                                + " max_inbound_priority_frames_per_stream: 5,"
                                + " max_inbound_window_update_frames_per_data_frame_sent: 2")
                .add("empty data", stage -> {
                    Http2Peer client = stage.client().post(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.flood(3, DATA, 0, 1, "")
                            .sync()
                            .flood(1, DATA, 0, 1, "")
                            .untilEnd();
                    upstream.rest();
                })
                .add(
                        "empty continuations",
                        stage -> stage.client()
                                .frame(HEADERS, 0, 1, "")
                                .flood(5, CONTINUATION, 0, 1, "")
                                .untilEnd())
                .add(
                        "priorities",
                        stage -> stage.client()
                                .flood(5, PRIORITY, 0, 7, "\0\0\0\0\1")
                                .sync()
                                .flood(30, PRIORITY, 0, 7, "\0\0\0\0\1")
                                .untilEnd())
                .add(
                        "window updates",
                        stage -> stage.client()
                                .flood(3, WINDOW_UPDATE, 0, 0, "\0\0\0\1")
                                .sync()
                                .flood(30, WINDOW_UPDATE, 0, 0, "\0\0\0\1")
                                .untilEnd())
                .add(
                        "pings at once",
                        stage -> stage.client()
                                .flood(1000, PING, 0, 0, "12345678")
                                .settle(50))
                .add(
                        "settings at once",
                        stage -> stage.client().flood(1000, SETTINGS, 0, 0, "").settle(50))
                .add("pings in turn", stage -> {
                    Http2Peer client = stage.client();
                    for (int i = 0; i < 100; i++) {
                        client.sync();
                    }
                });
    }
}
