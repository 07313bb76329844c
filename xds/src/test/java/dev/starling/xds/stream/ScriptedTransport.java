package dev.starling.xds.stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.starling.config.discovery.GrpcService;
import dev.starling.xds.transport.Transport;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Streams of the state of the world whose other end is the test. Runs on the test's thread, as manual time does. */
final class ScriptedTransport implements Transport {

    final List<String> opened = new ArrayList<>();
    private final List<DiscoveryRequest> sent = new ArrayList<>();
    private @Nullable Receiver receiver;
    int taken;
    int cancelled;

    @Override
    public Call open(GrpcService service, String method, Receiver opening) {
        opened.add(method);
        receiver = opening;
        taken = 0;
        return new Call() {
            @Override
            public void send(ByteBuffer message) {
                try {
                    sent.add(DiscoveryRequest.parseFrom(message));
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public int waitingBytes() {
                return 0;
            }

            @Override
            public void finish() {
                throw new AssertionError("streams of xDS do not end by themselves");
            }

            @Override
            public void more() {
                taken++;
            }

            @Override
            public void cancel() {
                cancelled++;
            }
        };
    }

    /** What was sent since this was last asked. */
    List<DiscoveryRequest> sent() {
        List<DiscoveryRequest> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    /** The same, as {@code type version/nonce names}. */
    List<String> said() {
        return sent().stream()
                .map(request ->
                        request.getTypeUrl().substring(request.getTypeUrl().lastIndexOf('.') + 1) + " "
                                + request.getVersionInfo() + "/" + request.getResponseNonce()
                                + (request.getResourceNamesCount() > 0
                                        ? " " + String.join(" ", request.getResourceNamesList())
                                        : ""))
                .toList();
    }

    void answer(DiscoveryResponse response) {
        answer(response.toByteString());
    }

    void answer(ByteString bytes) {
        Objects.requireNonNull(receiver).message(bytes.asReadOnlyByteBuffer());
    }

    void close(Closed why) {
        Objects.requireNonNull(receiver).closed(why);
    }
}
