package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.Http2Case.OK;
import static dev.starling.tests.envoy.Http2Peer.ACK;
import static dev.starling.tests.envoy.Http2Peer.CONTINUATION;
import static dev.starling.tests.envoy.Http2Peer.DATA;
import static dev.starling.tests.envoy.Http2Peer.END_HEADERS;
import static dev.starling.tests.envoy.Http2Peer.END_STREAM;
import static dev.starling.tests.envoy.Http2Peer.GOAWAY;
import static dev.starling.tests.envoy.Http2Peer.HEADERS;
import static dev.starling.tests.envoy.Http2Peer.PADDED;
import static dev.starling.tests.envoy.Http2Peer.PING;
import static dev.starling.tests.envoy.Http2Peer.PREFACE;
import static dev.starling.tests.envoy.Http2Peer.PRIORITY;
import static dev.starling.tests.envoy.Http2Peer.PUSH_PROMISE;
import static dev.starling.tests.envoy.Http2Peer.RST_STREAM;
import static dev.starling.tests.envoy.Http2Peer.SETTINGS;
import static dev.starling.tests.envoy.Http2Peer.WHOLE;
import static dev.starling.tests.envoy.Http2Peer.WINDOW_UPDATE;
import static dev.starling.tests.envoy.Http2Peer.WITH_PRIORITY;
import static dev.starling.tests.envoy.Http2Peer.block;
import static dev.starling.tests.envoy.Http2Peer.request;

import java.util.List;

/** Prefaces, and frames of every kind where they may be and where they may not. */
final class Http2Frames {

    private static final String EIGHT = "12345678";

    private Http2Frames() {}

    static List<Http2Listener> listeners() {
        return List.of(prefaces("preface", false), prefaces("auto-preface", true), frames());
    }

    private static Http2Listener prefaces(String name, boolean auto) {
        Http2Listener listener = new Http2Listener(name, "")
                .add("nothing", stage -> stage.raw().end().untilEnd())
                .add(
                        "half",
                        stage -> stage.raw()
                                .bytes(PREFACE.substring(0, 10))
                                .end()
                                .untilEnd())
                .add(
                        "other",
                        stage -> stage.raw()
                                .bytes("GET /up HTTP/1.1\r\nhost: a/\r\n\r\n")
                                .untilEnd())
                .add(
                        "broken",
                        stage -> stage.raw()
                                .bytes(PREFACE.substring(0, 20) + "xxxx")
                                .settings()
                                .end()
                                .untilEnd())
                .add(
                        "settings missing",
                        stage -> stage.raw().bytes(PREFACE).ping(EIGHT).untilEnd())
                .add(
                        "settings missing before a request",
                        stage -> stage.raw().bytes(PREFACE).get(1, "/up").untilEnd())
                .add(
                        "no settings, but an end",
                        stage -> stage.raw().bytes(PREFACE).end().untilEnd())
                .add("settings acknowledged", stage -> {
                    Http2Peer client =
                            stage.raw().begin().frame(SETTINGS, ACK, 0, "").get(1, "/up");
                    stage.answer(client, 1, OK);
                    client.sync();
                })
                .add("twice", stage -> stage.raw().begin().bytes(PREFACE).untilEnd());
        return auto ? listener.auto() : listener;
    }

    private static Http2Listener frames() {
        return new Http2Listener("frames", "")
                .add("ping", stage -> stage.client().ping(EIGHT).sync())
                .add(
                        "ping of a stream",
                        stage -> stage.client().frame(PING, 0, 1, EIGHT).untilEnd())
                .add(
                        "ping of seven bytes",
                        stage -> stage.client().ping("1234567").untilEnd())
                .add(
                        "answer to no ping",
                        stage -> stage.client().frame(PING, ACK, 0, EIGHT).sync())
                .add(
                        "settings",
                        stage -> stage.client().settings(3, 100, 6, 1000).sync())
                .add(
                        "settings of a stream",
                        stage -> stage.client().frame(SETTINGS, 0, 1, "").untilEnd())
                .add(
                        "settings of five bytes",
                        stage -> stage.client().frame(SETTINGS, 0, 0, "12345").untilEnd())
                .add(
                        "settings ack with content",
                        stage ->
                                stage.client().frame(SETTINGS, ACK, 0, "123456").untilEnd())
                .add(
                        "unknown setting",
                        stage -> stage.client().settings(0x7777, 1).sync())
                .add(
                        "enable push of two",
                        stage -> stage.client().settings(2, 2).untilEnd())
                .add("enable push", stage -> stage.client().settings(2, 1).sync())
                .add("window too large", stage -> stage.client().settings(4, -1).untilEnd())
                .add(
                        "frame size too small",
                        stage -> stage.client().settings(5, 1000).untilEnd())
                .add(
                        "frame size too large",
                        stage -> stage.client().settings(5, 1 << 24).untilEnd())
                .add(
                        "frame size of a mebibyte",
                        stage -> stage.client().settings(5, 1 << 20).sync())
                .add(
                        "connect protocol of two",
                        stage -> stage.client().settings(8, 2).untilEnd())
                .add(
                        "unknown frame",
                        stage -> stage.client().frame(0x77, 0xff, 0, EIGHT).sync())
                .add(
                        "unknown frame of a stream",
                        stage -> stage.client().frame(0x77, 0xff, 7, EIGHT).sync())
                .add("altsvc", stage -> stage.client().frame(10, 0, 0, EIGHT).sync())
                .add("origin", stage -> stage.client().frame(12, 0, 0, "").sync())
                .add(
                        "priority update",
                        stage -> stage.client().frame(16, 0, 0, "\0\0\0\1u=1").sync())
                .add("frame of 16 KiB", stage -> {
                    Http2Peer client = stage.client().postWith(1, "/up", "a".repeat(16384), "content-length: 16384");
                    stage.answer(client, 1, OK);
                    client.sync();
                })
                .add("frame of more", stage -> {
                    Http2Peer client = stage.client().post(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.data(1, "a".repeat(16385), true).untilEnd();
                    upstream.rest();
                })
                .add("goaway", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.frame(GOAWAY, 0, 0, "\0\0\0\0\0\0\0\0bye");
                    upstream.send(OK);
                    client.until(1);
                })
                .add("goaway with an error", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.frame(GOAWAY, 0, 0, "\0\0\0\0\0\0\0\2");
                    upstream.send(OK);
                    client.until(1);
                })
                .add("request behind a goaway", stage -> {
                    Http2Peer client = stage.client()
                            .frame(GOAWAY, 0, 0, "\0\0\0\0\0\0\0\0")
                            .get(1, "/direct");
                    client.until(1);
                })
                .add(
                        "goaway of a stream",
                        stage -> stage.client().frame(GOAWAY, 0, 1, EIGHT).untilEnd())
                .add(
                        "short goaway",
                        stage -> stage.client().frame(GOAWAY, 0, 0, "1234567").untilEnd())
                .add(
                        "push promise",
                        stage -> stage.client()
                                .frame(PUSH_PROMISE, END_HEADERS, 1, "\0\0\0\2")
                                .untilEnd())
                .add(
                        "continuation of nothing",
                        stage -> stage.client()
                                .frame(CONTINUATION, END_HEADERS, 1, "")
                                .untilEnd())
                .add(
                        "block interrupted",
                        stage -> stage.client()
                                .headers(1, END_STREAM, request("GET", "/up"))
                                .ping(EIGHT)
                                .untilEnd())
                .add(
                        "continuation of another stream",
                        stage -> stage.client()
                                .headers(1, END_STREAM, request("GET", "/up"))
                                .frame(CONTINUATION, END_HEADERS, 3, "")
                                .untilEnd())
                .add(
                        "block that cannot be decoded",
                        stage -> stage.client()
                                .frame(HEADERS, WHOLE, 1, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")
                                .untilEnd())
                .add(
                        "block that ends early",
                        stage -> stage.client()
                                .frame(HEADERS, WHOLE, 1, "\0\u0005ab")
                                .untilEnd())
                .add(
                        "index out of the table",
                        stage -> stage.client()
                                .frame(HEADERS, WHOLE, 1, "\u00be")
                                .untilEnd())
                .add(
                        "table larger than allowed",
                        stage -> stage.client()
                                .frame(HEADERS, WHOLE, 1, "?\u00e2\u001f" + block(request("GET", "/up")))
                                .untilEnd())
                .add("padding of data", stage -> {
                    Http2Peer client = stage.client()
                            .post(1, "/up", "content-length: 2")
                            .frame(DATA, PADDED | END_STREAM, 1, "\5hi\0\0\0\0\0");
                    stage.accept().head().get(2).send(OK);
                    client.until(1).sync();
                })
                .add("padding of headers", stage -> {
                    Http2Peer client = stage.client()
                            .frame(HEADERS, PADDED | WHOLE, 1, "\3" + block(request("GET", "/up")) + "\0\0\0");
                    stage.answer(client, 1, OK);
                    client.sync();
                })
                .add("padding that is not zero", stage -> {
                    Http2Peer client = stage.client()
                            .post(1, "/up", "content-length: 2")
                            .frame(DATA, PADDED | END_STREAM, 1, "\2hixx");
                    stage.accept().head().get(2).send(OK);
                    client.until(1).sync();
                })
                .add("padding as long as the frame", stage -> {
                    Http2Peer client = stage.client().post(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.frame(DATA, PADDED | END_STREAM, 1, "\5hihi").untilEnd();
                    upstream.rest();
                })
                .add(
                        "padding of headers as long as the frame",
                        stage -> stage.client()
                                .frame(HEADERS, PADDED | WHOLE, 1, "\u00ff" + block(request("GET", "/up")))
                                .untilEnd())
                .add("priority of headers", stage -> {
                    Http2Peer client = stage.client()
                            .frame(HEADERS, WITH_PRIORITY | WHOLE, 1, "\0\0\0\0\20" + block(request("GET", "/up")));
                    stage.answer(client, 1, OK);
                    client.sync();
                })
                .add("headers that depend on themselves", stage -> {
                    Http2Peer client = stage.client()
                            .frame(HEADERS, WITH_PRIORITY | WHOLE, 1, "\0\0\0\1\20" + block(request("GET", "/up")));
                    stage.answer(client, 1, OK);
                    client.sync();
                })
                .add(
                        "headers too short for their priority",
                        stage -> stage.client()
                                .frame(HEADERS, WITH_PRIORITY | WHOLE, 1, "\0\0")
                                .untilEnd())
                .add(
                        "priority",
                        stage -> stage.client()
                                .frame(PRIORITY, 0, 7, "\0\0\0\0\1")
                                .sync())
                .add(
                        "priority of itself",
                        stage -> stage.client()
                                .frame(PRIORITY, 0, 7, "\0\0\0\7\1")
                                .sync())
                .add(
                        "priority of the connection",
                        stage -> stage.client()
                                .frame(PRIORITY, 0, 0, "\0\0\0\1\1")
                                .sync())
                .add(
                        "priority of four bytes",
                        stage ->
                                stage.client().frame(PRIORITY, 0, 1, "\0\0\0\0").sync())
                .add(
                        "data of the connection",
                        stage -> stage.client().data(0, "x", true).untilEnd())
                .add(
                        "headers of the connection",
                        stage -> stage.client().get(0, "/up").untilEnd())
                .add(
                        "reset of the connection",
                        stage -> stage.client().reset(0, 8).untilEnd())
                .add(
                        "reset of three bytes",
                        stage ->
                                stage.client().frame(RST_STREAM, 0, 1, "\0\0\0").untilEnd())
                .add(
                        "window update of three bytes",
                        stage -> stage.client()
                                .frame(WINDOW_UPDATE, 0, 0, "\0\0\1")
                                .untilEnd());
    }
}
