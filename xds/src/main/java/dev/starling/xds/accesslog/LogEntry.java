package dev.starling.xds.accesslog;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.starling.xds.stream.StructMessage;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.RequestMethod;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.data.accesslog.v3.ConnectionProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry.HTTPVersion;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPRequestProperties;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPResponseProperties;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry while it is filled, by who knows nothing of messages. What is not known is not told: null, empty and zero are left
 * out.
 */
public final class LogEntry {

    private final AccessLogCommon.Builder common = AccessLogCommon.newBuilder();
    private final HTTPRequestProperties.Builder request = HTTPRequestProperties.newBuilder();
    private final HTTPResponseProperties.Builder response = HTTPResponseProperties.newBuilder();
    private HTTPVersion protocol = HTTPVersion.PROTOCOL_UNSPECIFIED;
    private long received;
    private long sent;

    // ---- when -----------------------------------------------------------------------------------------------------

    public void start(long wallMillis) {
        common.setStartTime(Timestamps.fromMillis(wallMillis));
    }

    /** @param nanos since the start */
    public void time(Moment moment, long nanos) {
        var duration = Durations.fromNanos(nanos);
        switch (moment) {
            case LAST_DOWNSTREAM_RX -> common.setTimeToLastRxByte(duration);
            case FIRST_UPSTREAM_TX -> common.setTimeToFirstUpstreamTxByte(duration);
            case LAST_UPSTREAM_TX -> common.setTimeToLastUpstreamTxByte(duration);
            case FIRST_UPSTREAM_RX -> common.setTimeToFirstUpstreamRxByte(duration);
            case LAST_UPSTREAM_RX -> common.setTimeToLastUpstreamRxByte(duration);
            case FIRST_DOWNSTREAM_TX -> common.setTimeToFirstDownstreamTxByte(duration);
            case LAST_DOWNSTREAM_TX -> common.setTimeToLastDownstreamTxByte(duration);
            case END -> common.setDuration(duration);
        }
    }

    // ---- who ------------------------------------------------------------------------------------------------------

    public void downstream(
            @Nullable SocketAddress remote, @Nullable SocketAddress directRemote, @Nullable SocketAddress local) {
        if (remote != null) {
            common.setDownstreamRemoteAddress(address(remote));
        }
        if (directRemote != null) {
            common.setDownstreamDirectRemoteAddress(address(directRemote));
        }
        if (local != null) {
            common.setDownstreamLocalAddress(address(local));
        }
    }

    /** The client's address, which only a header told of. */
    public void downstreamRemoteIp(String ip) {
        common.getDownstreamRemoteAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress(ip)
                .setPortValue(0);
    }

    public void downstreamTransportFailure(String reason) {
        common.setDownstreamTransportFailureReason(reason);
    }

    public void downstreamTls(TlsProperties tls) {
        common.setTlsProperties(tls.message());
    }

    public void upstream(String cluster, @Nullable SocketAddress remote, @Nullable SocketAddress local) {
        common.setUpstreamCluster(cluster);
        if (remote != null) {
            common.setUpstreamRemoteAddress(address(remote));
        }
        if (local != null) {
            common.setUpstreamLocalAddress(address(local));
        }
    }

    public void upstreamTransportFailure(String reason) {
        common.setUpstreamTransportFailureReason(reason);
    }

    private static Address address(SocketAddress address) {
        Address.Builder message = Address.newBuilder();
        if (address instanceof InetSocketAddress ip && !ip.isUnresolved()) {
            message.getSocketAddressBuilder()
                    .setAddress(NetUtil.toAddressString(ip.getAddress()))
                    .setPortValue(ip.getPort());
        } else {
            message.getPipeBuilder().setPath(address.toString());
        }
        return message.build();
    }

    // ---- what became of it ----------------------------------------------------------------------------------------

    /** @param name short, such as {@code UH} */
    public void flag(String name) {
        FlagNames.set(common.getResponseFlagsBuilder(), name);
    }

    public void routeName(String name) {
        common.setRouteName(name);
    }

    public void attempts(int count) {
        common.setUpstreamRequestAttemptCount(count);
    }

    public void connectionTerminationDetails(String details) {
        common.setConnectionTerminationDetails(details);
    }

    public void streamId(String id) {
        common.setStreamId(id);
    }

    /** @param name such as {@code DownstreamEnd} */
    public void type(String name) {
        common.setAccessLogType(AccessLogType.valueOf(name));
    }

    public void customTag(String tag, String value) {
        common.putCustomTags(tag, value);
    }

    public void metadata(String namespace, Map<String, Object> values) {
        common.getMetadataBuilder().putFilterMetadata(namespace, StructMessage.of(values));
    }

    /** @param json of a {@code HeaderMap} */
    public void filterState(String name, String json) {
        HeaderMap.Builder headers = HeaderMap.newBuilder();
        try {
            JsonFormat.parser().merge(json, headers);
        } catch (InvalidProtocolBufferException ofOurOwnMaking) {
            throw new IllegalArgumentException(json, ofOurOwnMaking);
        }
        common.putFilterStateObjects(name, Any.pack(headers.build()));
    }

    /** Of the body, or of the whole connection. */
    public void bytes(long bytesReceived, long bytesSent) {
        received = bytesReceived;
        sent = bytesSent;
    }

    // ---- of HTTP --------------------------------------------------------------------------------------------------

    /** @param name such as {@code HTTP/1.1} */
    public void protocol(String name) {
        protocol = switch (name) {
            case "HTTP/1.0" -> HTTPVersion.HTTP10;
            case "HTTP/1.1" -> HTTPVersion.HTTP11;
            case "HTTP/2" -> HTTPVersion.HTTP2;
            case "HTTP/3" -> HTTPVersion.HTTP3;
            default -> HTTPVersion.PROTOCOL_UNSPECIFIED;
        };
    }

    public void method(String name) {
        var known = RequestMethod.getDescriptor().findValueByName(name);
        request.setRequestMethod(known == null ? RequestMethod.METHOD_UNSPECIFIED : RequestMethod.valueOf(known));
    }

    /** What an entry always tells of a request, if it has it. */
    public enum RequestText {
        SCHEME,
        AUTHORITY,
        PATH,
        USER_AGENT,
        REFERER,
        FORWARDED_FOR,
        REQUEST_ID,
        ORIGINAL_PATH
    }

    public void request(RequestText what, String text) {
        switch (what) {
            case SCHEME -> request.setScheme(text);
            case AUTHORITY -> request.setAuthority(text);
            case PATH -> request.setPath(text);
            case USER_AGENT -> request.setUserAgent(text);
            case REFERER -> request.setReferer(text);
            case FORWARDED_FOR -> request.setForwardedFor(text);
            case REQUEST_ID -> request.setRequestId(text);
            case ORIGINAL_PATH -> request.setOriginalPath(text);
        }
    }

    public void requestHeader(String name, String value) {
        request.putRequestHeaders(name, value);
    }

    public void headerBytes(long ofRequest, long ofResponse) {
        request.setRequestHeadersBytes(ofRequest);
        response.setResponseHeadersBytes(ofResponse);
    }

    public void responseCode(int code) {
        response.setResponseCode(UInt32Value.of(code));
    }

    public void responseCodeDetails(String details) {
        response.setResponseCodeDetails(details);
    }

    public void responseHeader(String name, String value) {
        response.putResponseHeaders(name, value);
    }

    public void responseTrailer(String name, String value) {
        response.putResponseTrailers(name, value);
    }

    // ---- as a message ---------------------------------------------------------------------------------------------

    HTTPAccessLogEntry http() {
        return HTTPAccessLogEntry.newBuilder()
                .setCommonProperties(common)
                .setProtocolVersion(protocol)
                .setRequest(request.setRequestBodyBytes(received))
                .setResponse(response.setResponseBodyBytes(sent))
                .build();
    }

    TCPAccessLogEntry tcp() {
        return TCPAccessLogEntry.newBuilder()
                .setCommonProperties(common)
                .setConnectionProperties(ConnectionProperties.newBuilder()
                        .setReceivedBytes(received)
                        .setSentBytes(sent))
                .build();
    }
}
