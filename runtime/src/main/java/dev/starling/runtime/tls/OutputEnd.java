package dev.starling.runtime.tls;

import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends our direction of a connection: with a close_notify first where it is secured, as Envoy does. */
public final class OutputEnd {

    private OutputEnd() {}

    public static void end(DuplexChannel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
        }
    }
}
