package dev.starling.runtime.listener;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a filter chain match looks at.
 *
 * @param destination null where the connection has no IP address, as on a Unix domain socket
 * @param source the client, as proxies in front may have told; null where there is no IP address
 * @param directSource the peer of the socket
 * @param serverName lower case; empty if not known
 * @param transportProtocol {@code tls} or {@code raw_buffer}
 */
public record ConnectionTraits(
        @Nullable InetAddress destination,
        int destinationPort,
        @Nullable InetAddress source,
        int sourcePort,
        @Nullable InetAddress directSource,
        String serverName,
        String transportProtocol,
        List<String> applicationProtocols) {

    /** Of a plain connection that nothing has looked into. */
    public static ConnectionTraits of(SocketAddress local, SocketAddress remote) {
        InetAddress destination = local instanceof InetSocketAddress ip ? ip.getAddress() : null;
        InetAddress source = remote instanceof InetSocketAddress ip ? ip.getAddress() : null;
        return new ConnectionTraits(
                destination,
                local instanceof InetSocketAddress ip ? ip.getPort() : 0,
                source,
                remote instanceof InetSocketAddress ip ? ip.getPort() : 0,
                source,
                "",
                "raw_buffer",
                List.of());
    }
}
