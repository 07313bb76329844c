package dev.starling.runtime.network.tcpproxy;

import dev.starling.config.HeaderMutation;
import dev.starling.config.tcp.TunnelingConfig;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.accesslog.FormatterFactory;
import dev.starling.runtime.accesslog.HeaderView;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.text.JsonText;
import java.util.ArrayList;
import java.util.List;

/** The request that asks an endpoint for a tunnel. Immutable; all loops. */
final class Tunneling {

    private record Header(String name, Formatter value, boolean keepEmpty) {}

    private final TunnelingConfig config;
    private final Formatter hostname;
    private final List<Header> headers = new ArrayList<>();

    Tunneling(TunnelingConfig config, FormatterFactory formats) {
        this.config = config;
        this.hostname = formats.headerValue(config.hostname());
        for (HeaderMutation header : config.headersToAdd()) {
            headers.add(new Header(header.name(), formats.headerValue(header.value()), header.keepEmptyValue()));
        }
    }

    boolean usesPost() {
        return config.usesPost();
    }

    RequestHead request(StreamInfo info, StringBuilder scratch) {
        Headers added = new Headers();
        for (Header header : headers) {
            String value = text(header.value(), info, scratch);
            if (header.keepEmpty() || !value.isEmpty()) {
                added.add(header.name(), value);
            }
        }
        return new RequestHead(
                usesPost() ? "POST" : "CONNECT",
                config.postPath(),
                text(hostname, info, scratch),
                "http",
                Protocol.HTTP_1_1,
                added,
                "",
                -1,
                false);
    }

    /** The head of the answer as logs show it; empty if it is not kept. */
    String kept(ResponseHead head) {
        return config.keepsHeaders() ? json(Integer.toString(head.status()), head.headers()) : "";
    }

    /** The same of what came behind the answer. */
    String kept(StreamEvent.Trailers trailers) {
        return config.keepsTrailers() ? json("", trailers.headers()) : "";
    }

    /** As Envoy prints the object in which it keeps either. */
    private static String json(String status, Headers fields) {
        StringBuilder json = new StringBuilder("{\"headers\":[");
        if (!status.isEmpty()) {
            append(json, ":status", status);
        }
        for (int i = 0; i < fields.size(); i++) {
            append(json, fields.name(i), fields.value(i));
        }
        return json.append("]}").toString();
    }

    private static void append(StringBuilder json, String name, String value) {
        json.append(json.charAt(json.length() - 1) == '[' ? "" : ",").append("{\"key\":");
        JsonText.appendQuoted(json, name);
        json.append(",\"value\":");
        JsonText.appendQuoted(json, value);
        json.append('}');
    }

    private static String text(Formatter format, StreamInfo info, StringBuilder scratch) {
        scratch.setLength(0);
        format.format(info, HeaderView.NONE, HeaderView.NONE, scratch);
        return scratch.toString();
    }
}
