package dev.starling.config.proto.tcp;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.FormatReader;
import dev.starling.config.proto.core.HeaderMutationReader;
import dev.starling.config.tcp.TunnelingConfig;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import org.jspecify.annotations.Nullable;

/** Reads the {@code tunneling_config} of the TCP proxy. */
final class TunnelingReader {

    private static final String DEFAULT_POST_PATH = "/";

    private TunnelingReader() {}

    /** Null after a problem. */
    static @Nullable TunnelingConfig read(TcpProxy.TunnelingConfig message, ValidationContext context) {
        var hostname = FormatReader.read(message.getHostname(), context.field("hostname"));
        var headers = HeaderMutationReader.additions(message.getHeadersToAddList(), context, "headers_to_add");
        String path = message.getPostPath();
        if (!path.isEmpty() && !message.getUsePost()) {
            context.field("post_path").problem("Can't set a post path when POST method isn't used");
        } else if (!path.isEmpty() && path.charAt(0) != '/') {
            context.field("post_path").problem("must begin with a slash");
        }
        if (hostname == null || context.failed()) {
            return null;
        }
        String postPath = message.getUsePost() && path.isEmpty() ? DEFAULT_POST_PATH : path;
        return new TunnelingConfig(
                hostname,
                postPath,
                headers,
                message.getPropagateResponseHeaders(),
                message.getPropagateResponseTrailers());
    }
}
