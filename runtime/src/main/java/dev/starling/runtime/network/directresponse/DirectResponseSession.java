package dev.starling.runtime.network.directresponse;

import dev.starling.runtime.loop.Ready;
import dev.starling.runtime.network.ConnectionOwner;
import dev.starling.runtime.network.RawConnection;
import dev.starling.runtime.network.RawLane;
import dev.starling.runtime.network.RawSession;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;

/** Answers one client, without reading what it sends, and closes. Confined to the loop. */
final class DirectResponseSession extends Ready implements RawSession, RawConnection.Owner {

    private final RawLane<DirectResponseSession> lane;
    private final ConnectionOwner owner;
    private final RawConnection connection;
    private final byte[] response;
    private boolean answered;
    private boolean over;

    DirectResponseSession(
            RawLane<DirectResponseSession> lane, Channel channel, ConnectionOwner owner, byte[] response) {
        this.lane = lane;
        this.owner = owner;
        this.connection = RawConnection.over(channel, lane.loop(), this);
        this.response = response;
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
        if (!answered) {
            answered = true;
            owner.info().responseCodeDetails = "direct_response";
            if (response.length > 0) {
                connection.write(Unpooled.wrappedBuffer(response));
                owner.info().bytesSent = response.length;
            }
            connection.closeAfterFlush();
        }
        if (connection.broken() || connection.closed()) {
            closeNow();
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
        return "direct response " + connection;
    }
}
