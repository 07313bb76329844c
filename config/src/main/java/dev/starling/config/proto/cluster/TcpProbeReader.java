package dev.starling.config.proto.cluster;

import dev.starling.config.cluster.HealthCheck.Probe;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.Payload;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.core.v3.HealthCheck.TcpHealthCheck}. */
final class TcpProbeReader {

    private TcpProbeReader() {}

    /** Null after a problem. */
    static Probe.@Nullable Tcp read(TcpHealthCheck message, ValidationContext context) {
        ByteBuffer send =
                message.hasSend() ? payload(message.getSend(), context.field("send")) : ByteBuffer.allocate(0);
        var receive = Elements.read(message.getReceiveList(), context, "receive", TcpProbeReader::payload);
        return send == null || context.failed() ? null : new Probe.Tcp(send, receive);
    }

    private static @Nullable ByteBuffer payload(Payload message, ValidationContext context) {
        return switch (message.getPayloadCase()) {
            case BINARY -> message.getBinary().asReadOnlyByteBuffer();
            case TEXT -> hex(message.getText(), context.field("text"));
            case PAYLOAD_NOT_SET -> null; // which the rules refuse
        };
    }

    private static @Nullable ByteBuffer hex(String text, ValidationContext context) {
        try {
            return ByteBuffer.wrap(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException notHex) {
            context.problem("invalid hex string '" + text + "'");
            return null;
        }
    }
}
