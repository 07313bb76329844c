package dev.starling.tests.envoy;

import static dev.starling.tests.envoy.Http2Case.OK;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A listener that speaks HTTP/2, with options of its own, and the cases that show what they do. */
final class Http2Listener {

    private final String name;
    private final String options;
    private String codec = "HTTP2";
    private String filters = "";
    private final List<Http2Case> cases = new ArrayList<>();

    /** @param options fields of the connection manager, as YAML */
    Http2Listener(String name, String options) {
        this.name = name;
        this.options = options;
    }

    /** A listener with fields of {@code Http2ProtocolOptions}. */
    static Http2Listener with(String name, String http2Options) {
        return new Http2Listener(name, "http2_protocol_options: {" + http2Options + "}");
    }

    Http2Listener auto() {
        codec = "AUTO";
        return this;
    }

    /** @param yaml what stands before the router */
    Http2Listener filters(String yaml) {
        filters = yaml;
        return this;
    }

    Http2Listener add(String about, Http2Case.Play play) {
        cases.add(new Http2Case(name, name + ": " + about, play));
        return this;
    }

    /** One request without a body that the upstream answers if it gets it. */
    Http2Listener ask(String about, String... fields) {
        return add(about, stage -> {
            Http2Peer client = stage.client().headers(1, Http2Peer.WHOLE, fields);
            stage.answer(client, 1, OK);
            client.sync();
        });
    }

    /** A plain request with more fields than it must have. */
    Http2Listener get(String about, String... fields) {
        return ask(about, Http2Peer.request("GET", "/up", fields));
    }

    /** A request with a body and more fields than it must have. */
    Http2Listener post(String about, String body, String... fields) {
        return add(about, stage -> {
            Http2Peer client = stage.client()
                    .headers(1, Http2Peer.END_HEADERS, Http2Peer.request("POST", "/up", fields))
                    .data(1, body, true);
            stage.answer(client, 1, OK);
            client.sync();
        });
    }

    /** What the upstream answers to a plain request. */
    Http2Listener answered(String about, String answer) {
        return add(about, stage -> {
            Http2Peer client = stage.client().get(1, "/up");
            stage.answer(client, 1, answer);
            client.sync();
        });
    }

    List<Http2Case> cases() {
        return cases;
    }

    String yaml() {
        try {
            return BothProxies.resource("http2-listener.yaml")
                    .replace("{name}", name)
                    .replace("{codec}", codec)
                    .replace("{options}", options.indent(12))
                    .replace("{filters}", filters.indent(14));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
