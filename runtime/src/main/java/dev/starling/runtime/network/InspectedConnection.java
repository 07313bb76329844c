package dev.starling.runtime.network;

import dev.starling.config.Metadata;
import dev.starling.runtime.accesslog.ConnectionView;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection of which its traits are known. Confined to the connection's loop. */
public interface InspectedConnection extends ConnectionView {

    /** What is known of it from its socket and its first bytes. */
    ConnectionTraits traits();

    @Override
    default SocketAddress localAddress() {
        return traits().local();
    }

    @Override
    default SocketAddress remoteAddress() {
        return traits().remote();
    }

    @Override
    default SocketAddress directRemoteAddress() {
        return traits().directRemote();
    }

    @Override
    default String serverName() {
        return traits().serverName();
    }

    @Override
    default @Nullable InetSocketAddress originalDestination() {
        return traits().originalDestination();
    }

    @Override
    default String ja3() {
        return traits().ja3();
    }

    @Override
    default Metadata metadata() {
        return traits().metadata();
    }

    @Override
    default String ja4() {
        return traits().ja4();
    }
}
