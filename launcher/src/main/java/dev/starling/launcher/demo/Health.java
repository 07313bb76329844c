package dev.starling.launcher.demo;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * gRPC's health service for the birds, and its reflection service so that {@code grpcurl} knows what to ask. It speaks
 * HTTP/1.1 with trailers: what comes as HTTP/2 to the proxy need not go on as HTTP/2.
 */
final class Health {

    private static final String SERVICE = "grpc.health.v1.Health";
    private static final String CONTENT_TYPE = "application/grpc";
    private static final int PREFIX_BYTES = 5;
    private static final int MOST_MESSAGE_BYTES = 4096;

    private static final int SERVING = 1;
    private static final int NOT_SERVING = 2;

    private static final int NOT_FOUND = 5;
    private static final int UNIMPLEMENTED = 12;

    private final Predicate<String> broken;

    Health(Predicate<String> broken) {
        this.broken = broken;
    }

    static boolean isMeant(Call call) {
        return call.header("content-type").startsWith(CONTENT_TYPE);
    }

    void answer(Call call) throws IOException {
        call.begin(CONTENT_TYPE);
        int status = switch (call.path()) {
            case "/" + SERVICE + "/Check" -> check(call);
            case "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo" -> describe(call);
            default -> UNIMPLEMENTED;
        };
        call.end("grpc-status: " + status + "\r\n");
    }

    private int check(Call call) throws IOException {
        String bird = Protobuf.Field.only(message(call).orElse(new byte[0])).text();
        if (!bird.isEmpty() && !Upstreams.NAMES.contains(bird)) {
            return NOT_FOUND;
        }
        send(call, new Protobuf().with(1, broken.test(bird) ? NOT_SERVING : SERVING));
        return 0;
    }

    private static int describe(Call call) throws IOException {
        for (Optional<byte[]> asked = message(call); asked.isPresent(); asked = message(call)) {
            send(call, HealthDescription.answer(asked.get()));
        }
        return 0;
    }

    /** Empty at the end. */
    private static Optional<byte[]> message(Call call) throws IOException {
        var in = new DataInputStream(call.body());
        if (in.read() < 0) { // whether it is compressed, which nobody was told he may
            return Optional.empty();
        }
        int length = in.readInt();
        if (length < 0 || length > MOST_MESSAGE_BYTES) {
            throw new IOException("no such message was expected");
        }
        byte[] message = new byte[length];
        in.readFully(message);
        return Optional.of(message);
    }

    private static void send(Call call, Protobuf message) throws IOException {
        byte[] bytes = message.bytes();
        call.chunk(ByteBuffer.allocate(PREFIX_BYTES + bytes.length)
                .put((byte) 0)
                .putInt(bytes.length)
                .put(bytes)
                .array());
    }
}
