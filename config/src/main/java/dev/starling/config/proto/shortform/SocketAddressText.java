package dev.starling.config.proto.shortform;

import dev.starling.config.SourceLocation;
import dev.starling.config.proto.core.IpLiteral;
import dev.starling.config.proto.source.SourceNode.Kind;
import dev.starling.config.proto.source.SourceNode.ObjectNode;
import dev.starling.config.proto.source.SourceNode.Scalar;
import java.util.Optional;

/** {@code host:port}, {@code [::1]:port} or the path of a socket. */
record SocketAddressText(String host, String port) {

    /** A path has no port. */
    static Optional<SocketAddressText> parse(String text) {
        if (text.startsWith("/")) {
            return Optional.of(new SocketAddressText(text, ""));
        }
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("\\d{1,5}")) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        if (host.indexOf(':') >= 0 && !isBracketed) {
            return Optional.empty();
        }
        return Optional.of(new SocketAddressText(
                isBracketed ? host.substring(1, host.length() - 1) : host, text.substring(colon + 1)));
    }

    boolean isName() {
        return !host.startsWith("/") && IpLiteral.parse(host).isEmpty();
    }

    /** {@code envoy.config.core.v3.Address}. */
    ObjectNode expand(SourceLocation at) {
        if (port.isEmpty()) {
            return new Expansion(at)
                    .put("pipe", new Expansion(at).put("path", host))
                    .node();
        }
        return socket(at, host, new Scalar(Kind.NUMBER, port, at));
    }

    static ObjectNode socket(SourceLocation at, String host, Scalar port) {
        return new Expansion(at)
                .put("socket_address", new Expansion(at).put("address", host).put("port_value", port))
                .node();
    }
}
