package dev.starling.runtime.accesslog;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Addresses as Envoy spells them: {@code 10.0.0.1:80}, {@code [::1]:80}, or the path of a Unix domain socket. */
final class AddressFields {

    private AddressFields() {}

    static Field whole(Function<StreamInfo, @Nullable SocketAddress> address) {
        return (info, request, response, out) -> append(address.apply(info), out);
    }

    static Field withoutPort(Function<StreamInfo, @Nullable SocketAddress> address) {
        return (info, request, response, out) -> appendWithoutPort(address.apply(info), out);
    }

    /** The client, whose address may be known from a header only, and then without a port. */
    static Field client(boolean withPort) {
        return (info, request, response, out) -> {
            String ip = info.downstreamRemoteIp;
            if (ip.isEmpty()) {
                return withPort
                        ? append(info.downstream.remoteAddress(), out)
                        : appendWithoutPort(info.downstream.remoteAddress(), out);
            }
            if (!withPort) {
                out.append(ip);
            } else if (ip.indexOf(':') >= 0) {
                out.append('[').append(ip).append("]:0");
            } else {
                out.append(ip).append(":0");
            }
            return true;
        };
    }

    /** Zero for a client that only a header told of. */
    static Field clientPort() {
        Field known = port(info -> info.downstream.remoteAddress());
        return new NumberField((info, out) -> {
            if (info.downstreamRemoteIp.isEmpty()) {
                return known.append(info, HeaderView.NONE, HeaderView.NONE, out);
            }
            out.append('0');
            return true;
        });
    }

    /** Of a Unix domain socket an empty text, as in Envoy. */
    static Field port(Function<StreamInfo, @Nullable SocketAddress> address) {
        return new NumberField((info, out) -> {
            SocketAddress known = address.apply(info);
            if (known instanceof InetSocketAddress ip) {
                out.append(ip.getPort());
            }
            return known != null;
        });
    }

    private static boolean append(@Nullable SocketAddress address, StringBuilder out) {
        switch (address) {
            case null -> {
                return false;
            }
            case InetSocketAddress ip when !ip.isUnresolved() -> out.append(NetUtil.toSocketAddressString(ip));
            default -> {
                String path = address.toString();
                out.append(Utf8Chars.of(path.startsWith("\0") ? "@" + path.substring(1) : path));
                return !path.isEmpty();
            }
        }
        return true;
    }

    private static boolean appendWithoutPort(@Nullable SocketAddress address, StringBuilder out) {
        if (address instanceof InetSocketAddress ip && !ip.isUnresolved()) {
            out.append(NetUtil.toAddressString(ip.getAddress()));
            return true;
        }
        return append(address, out);
    }
}
