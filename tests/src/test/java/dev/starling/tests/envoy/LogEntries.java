package dev.starling.tests.envoy;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.starling.tests.xds.LogServer;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogCommon;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import java.util.List;

/**
 * What a log service was told, with the same in place of what differs from one run to the next: times, durations, ports of
 * clients and listeners, and what is drawn at random. That any of it is told, or not, stays.
 */
final class LogEntries {

    private static final Duration SOME_TIME =
            Duration.newBuilder().setSeconds(1).build();
    private static final Timestamp SOME_DAY =
            Timestamp.newBuilder().setSeconds(1).build();
    private static final String SOME_ID = "id";
    private static final int UUID_LENGTH = 36;

    private LogEntries() {}

    static List<HTTPAccessLogEntry> http(LogServer server) {
        return server.messages().stream()
                .flatMap(message -> message.getHttpLogs().getLogEntryList().stream())
                .map(LogEntries::alike)
                .toList();
    }

    static List<TCPAccessLogEntry> tcp(LogServer server) {
        return server.messages().stream()
                .flatMap(message -> message.getTcpLogs().getLogEntryList().stream())
                .map(entry -> entry.toBuilder()
                        .setCommonProperties(alike(entry.getCommonProperties()))
                        .build())
                .toList();
    }

    private static HTTPAccessLogEntry alike(HTTPAccessLogEntry entry) {
        HTTPAccessLogEntry.Builder alike = entry.toBuilder().setCommonProperties(alike(entry.getCommonProperties()));
        alike.getRequestBuilder()
                .setRequestId(alike(entry.getRequest().getRequestId()))
                .clearUpstreamHeaderBytesSent()
                .clearDownstreamHeaderBytesReceived();
        alike.getResponseBuilder().clearUpstreamHeaderBytesReceived().clearDownstreamHeaderBytesSent();
        return alike.build();
    }

    /** Bytes on the wire are what Starling does not tell of. */
    private static AccessLogCommon alike(AccessLogCommon common) {
        AccessLogCommon.Builder alike = common.toBuilder()
                .clearDownstreamWireBytesReceived()
                .clearDownstreamWireBytesSent()
                .clearUpstreamWireBytesReceived()
                .clearUpstreamWireBytesSent()
                .setStreamId(alike(common.getStreamId()));
        for (var field : common.getAllFields().keySet()) {
            if (field.getJavaType() == com.google.protobuf.Descriptors.FieldDescriptor.JavaType.MESSAGE
                    && field.getMessageType().equals(Duration.getDescriptor())) {
                alike.setField(field, SOME_TIME);
            }
        }
        if (common.hasStartTime()) {
            alike.setStartTime(SOME_DAY);
        }
        if (common.hasDownstreamDirectRemoteAddress()) {
            anyPort(alike.getDownstreamDirectRemoteAddressBuilder());
        }
        if (common.hasDownstreamRemoteAddress()) {
            anyPort(alike.getDownstreamRemoteAddressBuilder());
        }
        if (common.hasDownstreamLocalAddress()) {
            anyPort(alike.getDownstreamLocalAddressBuilder());
        }
        if (common.hasUpstreamLocalAddress()) {
            anyPort(alike.getUpstreamLocalAddressBuilder());
        }
        if (!common.getTlsProperties().getTlsSessionId().isEmpty()) {
            alike.getTlsPropertiesBuilder().setTlsSessionId(SOME_ID);
        }
        return alike.build();
    }

    private static void anyPort(Address.Builder address) {
        if (address.getSocketAddress().getPortValue() != 0) {
            address.getSocketAddressBuilder().setPortValue(1);
        }
    }

    private static String alike(String id) {
        return id.length() == UUID_LENGTH ? SOME_ID : id;
    }
}
