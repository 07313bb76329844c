package dev.starling.runtime.network.echo;

import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.network.RawSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** Returns what one client sends; closes when the client has ended and got it all. Confined to the loop. */
final class EchoSession extends Ready implements RawSession, RawConnection.Owner {

    private final RawLane<EchoSession> lane;
    private final ConnectionOwner owner;
    private final StreamInfo info;
    private final RawConnection connection;
    private boolean over;

    EchoSession(RawLane<EchoSession> lane, Channel channel, ConnectionOwner owner) {
        this.lane = lane;
        this.owner = owner;
        this.info = owner.info();
        this.connection = RawConnection.over(channel, lane.loop(), this);
    }

    @Override
    public void onEvent() {
        lane.ready(this);
    }

    @Override
    public void turn() {
        if (over) {
            return;
        }
        for (ByteBuf bytes = connection.poll(); bytes != null; bytes = connection.poll()) {
            info.bytesReceived += bytes.readableBytes();
            info.bytesSent += bytes.readableBytes();
            connection.write(bytes);
        }
        if (connection.broken() || connection.closed()) {
            closeNow();
        } else if (connection.inputEnded()) {
            connection.closeAfterFlush();
        } else {
            connection.read(connection.writable());
        }
    }

    @Override
    public void closeNow() {
        if (!over) {
            over = true;
            connection.close();
            owner.closed(connection.channel());
            lane.ended(this);
        }
    }

    @Override
    protected void fail(Throwable cause) {
        closeNow();
    }

    @Override
    public String toString() {
        return "echo " + connection;
    }
}
