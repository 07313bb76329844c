package dev.starling.config.proto.core;

import dev.starling.config.Address;
import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.SocketAddress.PortSpecifierCase;
import io.envoyproxy.envoy.config.core.v3.SocketAddress.Protocol;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.Address}, with a literal IP address or with a name to resolve. */
public final class AddressReader {

    /** {@code sizeof(sockaddr_un.sun_path)}, with the zero at the end. */
    private static final int MAX_PIPE_PATH_BYTES = 108;

    private final boolean takesNames;
    private final Protocol protocol;
    private final String hint;

    private AddressReader(boolean takesNames, Protocol protocol, String hint) {
        this.takesNames = takesNames;
        this.protocol = protocol;
        this.hint = hint;
    }

    /** Of listeners: literal IP addresses and pipes. */
    public static AddressReader literal() {
        return literal("");
    }

    /** @param hint what follows a complaint about the address, to tell how a name could be used */
    public static AddressReader literal(String hint) {
        return new AddressReader(false, Protocol.TCP, hint);
    }

    /** Of listeners for datagrams. */
    public static AddressReader datagram() {
        return new AddressReader(false, Protocol.UDP, "");
    }

    /** Of endpoints whose cluster resolves names. */
    public static AddressReader named() {
        return new AddressReader(true, Protocol.TCP, "");
    }

    /** Null after a problem. */
    public @Nullable Address read(io.envoyproxy.envoy.config.core.v3.Address message, ValidationContext context) {
        return switch (message.getAddressCase()) {
            case SOCKET_ADDRESS -> {
                var socket = socket(message.getSocketAddress(), context.field("socket_address"));
                yield socket == null || protocol == Protocol.TCP
                        ? socket
                        : new Address.Udp(socket.host(), socket.port());
            }
            case PIPE -> pipe(message.getPipe(), context.field("pipe"));
            case ENVOY_INTERNAL_ADDRESS -> {
                context.field("envoy_internal_address").problem("internal addresses are not supported yet");
                yield null;
            }
            case ADDRESS_NOT_SET -> {
                context.problem("Address must be set" + hint);
                yield null;
            }
        };
    }

    private Address.@Nullable Socket socket(SocketAddress message, ValidationContext context) {
        if (message.getProtocol() != protocol) {
            context.field("protocol").problem("only " + protocol + " is supported here");
            return null;
        }
        if (message.getPortSpecifierCase() == PortSpecifierCase.NAMED_PORT) {
            context.field("named_port").problem("a named port cannot be resolved");
            return null;
        }
        int port = message.getPortValue();
        if (port < 0 || port > 65535) {
            context.field("port_value").problem("must be at most 65535");
            return null;
        }
        if (!message.getResolverName().isEmpty()) {
            context.field("resolver_name").problem("Unknown address resolver: " + message.getResolverName());
            return null;
        }
        return takesNames ? Address.Socket.of(message.getAddress(), port) : literal(message, port, context);
    }

    private Address.@Nullable Socket literal(SocketAddress message, int port, ValidationContext context) {
        var ip = IpLiteral.parse(message.getAddress());
        if (ip.isEmpty()) {
            context.field("address").problem("malformed IP address: " + message.getAddress() + hint);
            return null;
        }
        String host = IpLiteral.display(ip.get());
        if (message.getIpv4Compat() && host.indexOf(':') < 0) {
            context.field("ipv4_compat")
                    .problem("Only IPv6 address '::' or valid IPv4-mapped IPv6 address can set ipv4_compat: " + host
                            + ":" + port);
            return null;
        }
        return new Address.Socket(host, port, message.getIpv4Compat());
    }

    private Address.@Nullable Pipe pipe(Pipe message, ValidationContext context) {
        if (takesNames) {
            // Envoy takes it and then tries to resolve an empty name for ever.
            context.problem("a cluster that resolves names cannot have a pipe as endpoint");
            return null;
        }
        if (message.getPath().getBytes(StandardCharsets.UTF_8).length >= MAX_PIPE_PATH_BYTES) {
            context.field("path")
                    .problem("Path \"" + message.getPath() + "\" exceeds maximum UNIX domain socket path size of "
                            + MAX_PIPE_PATH_BYTES);
            return null;
        }
        return new Address.Pipe(message.getPath(), message.getMode());
    }
}
