package dev.starling.runtime.accesslog;

import dev.starling.runtime.grpc.GrpcStatus;
import dev.starling.runtime.tls.TlsSession;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What logs and format strings can say of one HTTP exchange or TCP connection. The data path fills it as things happen;
 * confined to the loop until the exchange ends. Times are of the loop's nano clock, 0 while they have not come.
 */
public final class StreamInfo {

    /** Milliseconds since the epoch when the exchange or connection began. */
    public long startWallMillis;

    public long startNanos;

    /** The last byte of the request was received. */
    public long requestCompleteNanos;

    /** The first byte of the request left for the upstream. */
    public long upstreamRequestNanos;

    /** The last byte of the request left for the upstream. */
    public long upstreamRequestCompleteNanos;

    /** The first byte of the upstream's response was received. */
    public long upstreamResponseNanos;

    /** The last byte of the upstream's response was received. */
    public long upstreamResponseCompleteNanos;

    /** The first byte of the response left for the client. */
    public long responseNanos;

    /** The whole response left for the client, when it was over. */
    public boolean responseComplete;

    /** The exchange or connection was over. */
    public long endNanos;

    /** Body bytes, or all bytes of a TCP connection. */
    public long bytesReceived;

    public long bytesSent;
    /** As they were forwarded and sent, pseudo-headers included; counted when the exchange is logged. */
    public long requestHeadersBytes;

    public long responseHeadersBytes;

    /** {@code HTTP/1.1} and so on; empty for TCP. */
    public String protocol = "";

    public String upstreamProtocol = "";

    /** 0 if no response was sent. */
    public int responseCode;

    public String responseCodeDetails = "";
    public String connectionTerminationDetails = "";

    /** OR of {@link ResponseFlag#mask}. */
    public long flags;

    private List<ResponseFlag> flagged = List.of();

    public String routeName = "";
    public String virtualHostName = "";
    public String clusterName = "";
    public int attempts;

    /** The endpoint last chosen, as {@code ip:port}; empty if none was. */
    public String upstreamHost = "";

    /** Where that endpoint is; null if none was chosen. */
    public @Nullable SocketAddress upstreamHostAddress;

    public @Nullable SocketAddress upstreamLocalAddress;
    public @Nullable SocketAddress upstreamRemoteAddress;
    public String upstreamTransportFailure = "";

    /** The client's connection. */
    public ConnectionView downstream = ConnectionView.UNKNOWN;

    /** The client's IP address as text, if trusted headers tell of another than the connection. */
    public String downstreamRemoteIp = "";

    /** Why the client's connection could not be secured. */
    public String downstreamTransportFailure = "";

    /** What is known of the endpoint's TLS; null if it is spoken to in clear. */
    public @Nullable TlsSession upstreamTls;

    /** The body of a reply made by the proxy, while it is being made; empty otherwise. */
    public String localReplyBody = "";

    /** Of the response; empty until they come. */
    public HeaderView responseTrailers = HeaderView.NONE;

    /** Of the response; empty until there is one to be logged. */
    public HeaderView responseHeaders = HeaderView.NONE;

    /** What came with the answer that opened a tunnel, in JSON; empty if nothing did or it is not kept. */
    public String tunnelResponseHeaders = "";

    /** The same of what came behind it. */
    public String tunnelResponseTrailers = "";

    /** What the connection is called where there is no request; empty until somebody asks. */
    private String connectionName = "";

    /** {@code DownstreamEnd}, {@code TcpConnectionEnd} and so on. */
    public String accessLogType = "";

    /** A health check request that a health check filter answered or passed on. */
    public boolean healthCheck;

    /**
     * What the response says in {@code grpc-status}, in its trailers or its headers, or what its HTTP status means.
     *
     * @param any whether numbers that gRPC has no code for stand for themselves
     */
    public int grpcStatus(boolean any) {
        int status = grpcStatus(responseTrailers, any);
        if (status == GrpcStatus.NONE) {
            status = grpcStatus(responseHeaders, any);
        }
        return status == GrpcStatus.NONE && responseCode != 0 ? GrpcStatus.ofHttp(responseCode) : status;
    }

    private static int grpcStatus(HeaderView fields, boolean any) {
        String value = fields.get("grpc-status");
        return any ? GrpcStatus.parseAny(value) : GrpcStatus.parse(value);
    }

    /** A random UUID, always the same for the same connection. */
    String connectionName(RandomGenerator random) {
        if (connectionName.isEmpty()) {
            connectionName = new UUID(
                            (random.nextLong() & ~0xf000L) | 0x4000L,
                            (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L)
                    .toString();
        }
        return connectionName;
    }

    public void flag(ResponseFlag flag) {
        if (!has(flag)) {
            flags |= flag.mask();
            flagged = flagged.isEmpty() ? new ArrayList<>(2) : flagged;
            flagged.add(flag);
        }
    }

    /** In the order in which they were set, as Envoy prints them. */
    public List<ResponseFlag> flagged() {
        return flagged;
    }

    /** Another endpoint is asked; which one is said already. */
    public void forgetUpstream() {
        upstreamRequestNanos = 0;
        upstreamRequestCompleteNanos = 0;
        upstreamResponseNanos = 0;
        upstreamResponseCompleteNanos = 0;
        upstreamProtocol = "";
        upstreamLocalAddress = null;
        upstreamRemoteAddress = null;
        upstreamTls = null;
        upstreamTransportFailure = "";
    }

    public boolean has(ResponseFlag flag) {
        return (flags & flag.mask()) != 0;
    }
}
