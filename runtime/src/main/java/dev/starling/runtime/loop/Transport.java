package dev.starling.runtime.loop;

import dev.starling.config.Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How sockets are made: Linux epoll where its native library loads, Java NIO elsewhere. */
public enum Transport {
    EPOLL(
            EpollServerSocketChannel.class,
            EpollSocketChannel::new,
            EpollServerDomainSocketChannel.class,
            EpollDomainSocketChannel::new,
            EpollDatagramChannel.class),
    NIO(
            NioServerSocketChannel.class,
            NioSocketChannel::new,
            NioServerDomainSocketChannel.class,
            NioDomainSocketChannel::new,
            NioDatagramChannel.class);

    /** Netty has no name for it: IPPROTO_IPV6 and IPV6_V6ONLY of Linux. */
    private static final ChannelOption<Integer> EPOLL_IPV6_ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

    private final Class<? extends ServerChannel> serverChannel;
    private final Supplier<SocketChannel> newSocket;
    private final Class<? extends ServerChannel> serverPipe;
    private final Supplier<Channel> newPipe;
    private final Class<? extends DatagramChannel> datagramChannel;

    Transport(
            Class<? extends ServerChannel> serverChannel,
            Supplier<SocketChannel> newSocket,
            Class<? extends ServerChannel> serverPipe,
            Supplier<Channel> newPipe,
            Class<? extends DatagramChannel> datagramChannel) {
        this.serverChannel = serverChannel;
        this.newSocket = newSocket;
        this.serverPipe = serverPipe;
        this.newPipe = newPipe;
        this.datagramChannel = datagramChannel;
    }

    static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    IoHandlerFactory ioHandlerFactory() {
        return this == EPOLL ? RejoiningEpoll.factory() : NioIoHandler.newFactory();
    }

    /** What listens on the address. The sockets it accepts do not delay small writes either. */
    public Class<? extends ServerChannel> serverChannel(SocketAddress address) {
        return address instanceof InetSocketAddress ? serverChannel : serverPipe;
    }

    /**
     * What connects to the address, without delay of small writes (TCP_NODELAY).
     *
     * @throws ChannelException if there can be no more sockets
     */
    public Channel newChannel(SocketAddress address) {
        return address instanceof InetSocketAddress ? newSocket() : newPipe.get();
    }

    /** The same for any address of IP. */
    public SocketChannel newSocket() {
        return newSocket.get();
    }

    public Class<? extends DatagramChannel> datagramChannel() {
        return datagramChannel;
    }

    /**
     * The configured address as sockets take it; never resolves a name.
     *
     * @throws IllegalArgumentException if the host is no IP address, or the path cannot be one of a socket
     */
    public SocketAddress address(Address address) {
        return switch (address) {
            case Address.Socket(var host, var port, var _) -> {
                InetAddress ip = NetUtil.createInetAddressFromIpAddressString(host);
                if (ip == null) {
                    throw new IllegalArgumentException("malformed IP address: " + host);
                }
                yield new InetSocketAddress(ip, port);
            }
            case Address.Udp(var host, var port) -> address(Address.Socket.of(host, port));
            case Address.Pipe(var path, var _) -> {
                if (this == EPOLL) {
                    // The abstract namespace begins with a NUL where configurations write @.
                    yield new DomainSocketAddress(path.startsWith("@") ? '\0' + path.substring(1) : path);
                }
                yield UnixDomainSocketAddress.of(path);
            }
        };
    }

    /** An IPv6 socket takes no IPv4 connections; null where that cannot be told. */
    public @Nullable ChannelOption<Integer> ipv6Only() {
        return this == EPOLL ? EPOLL_IPV6_ONLY : null;
    }

    /** SO_REUSEPORT, if each loop can have a listening socket of its own; null where one socket serves all. */
    public @Nullable ChannelOption<Boolean> reusePort() {
        return this == EPOLL ? EpollChannelOption.SO_REUSEPORT : null;
    }
}
