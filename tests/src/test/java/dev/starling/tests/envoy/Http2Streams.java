package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.Http2Case.OK;
import static dev.starling.tests.envoy.Http2Peer.ACK;
import static dev.starling.tests.envoy.Http2Peer.HEADERS;
import static dev.starling.tests.envoy.Http2Peer.PRIORITY;
import static dev.starling.tests.envoy.Http2Peer.SETTINGS;
import static dev.starling.tests.envoy.Http2Peer.WHOLE;
import static dev.starling.tests.envoy.Http2Peer.block;
import static dev.starling.tests.envoy.Http2Peer.request;

import java.util.List;

/** The life of streams, their windows, and what settings change of both. */
final class Http2Streams {

    private Http2Streams() {}

    static List<Http2Listener> listeners() {
        return List.of(streams(), windows(), settings());
    }

    private static Http2Listener streams() {
        return new Http2Listener("streams", "")
                .add("even stream", stage -> stage.client().get(2, "/up").untilEnd())
                .add(
                        "stream below the last",
                        stage -> stage.client()
                                .get(5, "/direct")
                                .until(5)
                                .get(3, "/direct")
                                .sync())
                .add("headers twice", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.get(1, "/up").sync();
                    upstream.rest();
                })
                .add(
                        "headers on a closed stream",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .get(1, "/direct")
                                .sync())
                .add(
                        "data on a closed stream",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .data(1, "x", true)
                                .sync())
                .add("data behind the end", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.data(1, "x", true).sync();
                    upstream.rest();
                })
                .add(
                        "data on an idle stream",
                        stage -> stage.client().data(1, "x", true).untilEnd())
                .add(
                        "reset of an idle stream",
                        stage -> stage.client().reset(1, 8).untilEnd())
                .add(
                        "reset of a closed stream",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .reset(1, 8)
                                .sync())
                .add("reset twice", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.reset(1, 8).reset(1, 8).sync();
                    upstream.rest();
                })
                .add("data behind a reset", stage -> {
                    Http2Peer client = stage.client().post(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.reset(1, 8).data(1, "x", true).sync();
                    upstream.rest();
                })
                .add("headers behind a reset", stage -> {
                    Http2Peer client = stage.client().post(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.reset(1, 8).trailers(1, "x-t: 1").sync();
                    upstream.rest();
                })
                .add(
                        "window update of an idle stream",
                        stage -> stage.client().window(1, 100).untilEnd())
                .add(
                        "window update of a closed stream",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .window(1, 100)
                                .sync())
                .add(
                        "priority of a closed stream",
                        stage -> stage.client()
                                .get(1, "/direct")
                                .until(1)
                                .frame(PRIORITY, 0, 1, "\0\0\0\0\1")
                                .sync())
                .add(
                        "data on a stream that we reset",
                        stage -> stage.client()
                                .post(1, "/direct")
                                .until(1)
                                .data(1, "x", false)
                                .data(1, "y", true)
                                .sync())
                .add(
                        "trailers on a stream that we reset",
                        stage -> stage.client()
                                .post(1, "/direct")
                                .until(1)
                                .trailers(1, "x-t: 1")
                                .get(3, "/direct")
                                .until(3)
                                .sync());
    }

    private static Http2Listener windows() {
        return Http2Listener.with(
                        "windows", "initial_stream_window_size: 65535, initial_connection_window_size: 131072")
                .add("opening", stage -> stage.client().sync().noteWindows())
                .add("stream window is spent", stage -> {
                    Http2Peer client = stage.client().post(1, "/direct").until(1);
                    client.post(3, "/none").until(3).sync();
                })
                .add(
                        "window update of nothing",
                        stage -> stage.client().window(0, 0).untilEnd())
                .add(
                        "window overflows",
                        stage -> stage.client().window(0, Integer.MAX_VALUE).untilEnd())
                .add("window update of nothing for a stream", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.window(1, 0).sync();
                    upstream.rest();
                })
                .add("window of a stream overflows", stage -> {
                    Http2Peer client = stage.client().get(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.window(1, Integer.MAX_VALUE).sync();
                    upstream.rest();
                })
                .add("window of a stream overflows by settings", stage -> {
                    Http2Peer client = stage.client().get(1, "/up").window(1, 0x7fff_ffff - (1 << 20));
                    Http2Upstream upstream = stage.accept().head();
                    client.settings(4, 1 << 21).sync();
                    upstream.rest();
                })
                .add("answer waits for a stream's window", stage -> {
                    Http2Peer client = stage.raw().begin(4, 4).get(1, "/direct").untilData(1, 4);
                    client.sync()
                            .window(1, 4)
                            .untilData(1, 8)
                            .window(1, 100)
                            .until(1)
                            .sync();
                })
                .add("answer waits for settings", stage -> {
                    Http2Peer client = stage.raw().begin(4, 0).get(1, "/direct").untilHead(1);
                    client.sync().settings(4, 100).until(1).sync();
                })
                .add("answer waits for a window that shrinks", stage -> {
                    Http2Peer client =
                            stage.raw().begin(4, 10).get(1, "/direct").untilData(1, 10);
                    client.settings(4, 0)
                            .window(1, 10)
                            .sync()
                            .window(1, 10)
                            .until(1)
                            .sync();
                })
                .add("client resets what waits", stage -> {
                    Http2Peer client = stage.raw().begin(4, 4).get(1, "/direct").untilData(1, 4);
                    client.sync().reset(1, 8).sync();
                })
                .add("trailers need no window", stage -> {
                    Http2Peer client = stage.raw().begin(4, 0).get(1, "/up");
                    stage.accept()
                            .head()
                            .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-t: 1\r\n\r\n");
                    client.until(1).sync();
                })
                .add("client exceeds a stream's window", stage -> {
                    Http2Peer client = stage.client().post(1, "/up");
                    Http2Upstream upstream = stage.accept().head();
                    client.window(0, 1).bytes("").sync();
                    upstream.send("");
                    client.reset(1, 8).sync();
                });
    }

    private static Http2Listener settings() {
        return Http2Listener.with(
                        "settings",
                        "hpack_table_size: 0, max_concurrent_streams: 2, initial_stream_window_size: 100000,"
                                + " initial_connection_window_size: 200000, custom_settings_parameters:"
                                + " [{identifier: 0x7777, value: 5}, {identifier: 0x10, value: 1}]")
                .add("are told", stage -> stage.client().sync().noteWindows())
                .add("a stream more", stage -> {
                    Http2Peer client = stage.client().get(1, "/up/1").get(3, "/up/2");
                    Http2Upstream first = stage.accept().head();
                    Http2Upstream second = stage.accept().head();
                    client.get(5, "/up").until(5);
                    first.send(OK);
                    client.until(1).get(7, "/direct").until(7);
                    second.send(OK);
                    client.until(3).sync();
                })
                .add("table of nothing", stage -> {
                    Http2Peer client =
                            stage.client().frame(SETTINGS, ACK, 0, "").sync();
                    client.frame(HEADERS, WHOLE, 1, " " + block(request("GET", "/direct")))
                            .until(1)
                            .sync();
                })
                .add("table that is not made smaller", stage -> {
                    Http2Peer client =
                            stage.client().frame(SETTINGS, ACK, 0, "").sync();
                    client.get(1, "/direct").until(1).sync();
                });
    }
}
