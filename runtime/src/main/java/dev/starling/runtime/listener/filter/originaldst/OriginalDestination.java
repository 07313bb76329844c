package dev.starling.runtime.listener.filter.originaldst;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What Linux's connection tracking knows of a socket that was redirected: where its client meant to go. */
final class OriginalDestination {

    /** SO_ORIGINAL_DST at SOL_IP, a sockaddr_in: family, port, address, padding. */
    private static final RawUnixChannelOption IPV4 = new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);

    /** IP6T_SO_ORIGINAL_DST at SOL_IPV6, a sockaddr_in6: family, port, flow, address, scope. */
    private static final RawUnixChannelOption IPV6 = new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);

    private static final int PORT_AT = 2;
    private static final int IPV4_AT = 4;
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_AT = 8;
    private static final int IPV6_BYTES = 16;

    private OriginalDestination() {}

    /** Null: not redirected, or nobody knows. */
    static @Nullable InetSocketAddress of(Channel channel) {
        if (!(channel.localAddress() instanceof InetSocketAddress local)) {
            return null;
        }
        boolean ipv4 = local.getAddress() instanceof Inet4Address;
        try {
            ByteBuffer told = channel.config().getOption(ipv4 ? IPV4 : IPV6);
            return told == null ? null : ipv4 ? address(told, IPV4_AT, IPV4_BYTES) : address(told, IPV6_AT, IPV6_BYTES);
        } catch (ChannelException notTracked) {
            return null;
        }
    }

    private static InetSocketAddress address(ByteBuffer told, int at, int length) {
        byte[] ip = new byte[length];
        told.get(at, ip);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), Short.toUnsignedInt(told.getShort(PORT_AT)));
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }
}
