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

    private static String text(Formatter format, StreamInfo info, StringBuilder scratch) {
        scratch.setLength(0);
        format.format(info, HeaderView.NONE, HeaderView.NONE, scratch);
        return scratch.toString();
    }
}
