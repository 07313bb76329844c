package dev.starling.runtime.upstream.probe;

import dev.starling.config.HeaderMutations;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.cluster.HealthCheck;
import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.lb.Endpoint;
import dev.starling.runtime.accesslog.Formatter;
import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.message.HeaderName;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.route.FormatContext;
import dev.starling.runtime.route.HeaderEdits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code grpc.health.v1.Health/Check} of one endpoint; Envoy's {@code GrpcHealthCheckerImpl}. The two messages have one field
 * each, so that they are written and read here byte by byte.
 */
final class GrpcQuestion implements Question {

    private static final HeaderName GRPC_TIMEOUT = HeaderName.of("grpc-timeout");
    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final String CONTENT_TYPE = "application/grpc";

    /** What the largest unit of {@code grpc-timeout} that is used can say (eight digits). */
    private static final long MOST_MILLIS = 99_999_999;

    /** Compressed or not, and the length. */
    private static final int PREFIX_BYTES = 5;

    /** The field {@code service} of the request: number 1, with a length. */
    private static final int SERVICE = 1 << 3 | 2;

    /** The field {@code status} of the response: number 1, a varint. */
    private static final int STATUS = 1 << 3;

    private static final int SERVING = 1;

    /** An answer has one byte of use; one that has more of others than this is none. */
    private static final int MOST_ANSWER_BYTES = 1024;

    private final HealthCheck.Probe.Grpc probe;
    private final Duration timeout;
    private final Endpoint endpoint;
    private final String clusterName;
    private final String authority;
    private final HeaderEdits edits;

    GrpcQuestion(
            HealthCheck.Probe.Grpc probe,
            Duration timeout,
            Endpoint endpoint,
            String clusterName,
            Function<FormatString, Formatter> formats) {
        this.probe = probe;
        this.timeout = timeout;
        this.endpoint = endpoint;
        this.clusterName = clusterName;
        String ofEndpoint = endpoint.config().healthCheck().hostname();
        String asked = probe.authority().isEmpty() ? clusterName : probe.authority();
        this.authority = ofEndpoint.isEmpty() ? asked : ofEndpoint;
        this.edits = HeaderEdits.ofRequest(
                new HeaderMutations(probe.initialMetadata(), List.of(), List.of(), List.of()), formats);
    }

    @Override
    public RequestHead head() {
        Headers headers = new Headers();
        headers.add(HeaderName.TE, "trailers");
        headers.add(GRPC_TIMEOUT, timeout());
        headers.add(HeaderName.CONTENT_TYPE, CONTENT_TYPE);
        headers.add(HeaderName.USER_AGENT, "Envoy/HC");
        RequestHead head = new RequestHead("POST", PATH, authority, "http", Protocol.HTTP_2, headers, "", -1, false);
        StreamInfo info = new StreamInfo();
        info.upstreamHost = endpoint.addressText();
        info.upstreamRemoteAddress = endpoint.address();
        info.clusterName = clusterName;
        edits.apply(headers, new Context(info, head));
        return head;
    }

    private String timeout() {
        long millis = timeout.toMillis();
        return millis <= MOST_MILLIS ? millis + "m" : timeout.toSeconds() + "S";
    }

    @Override
    public ByteBuf body() {
        byte[] service = probe.service().getBytes(StandardCharsets.UTF_8);
        ByteBuf message = Unpooled.buffer();
        if (service.length > 0) {
            message.writeByte(SERVICE);
            int rest = service.length;
            for (; rest > 0x7f; rest >>>= 7) {
                message.writeByte((rest & 0x7f) | 0x80);
            }
            message.writeByte(rest).writeBytes(service);
        }
        ByteBuf framed = Unpooled.buffer(PREFIX_BYTES + message.readableBytes());
        framed.writeByte(0).writeInt(message.readableBytes()).writeBytes(message);
        message.release();
        return framed;
    }

    @Override
    public Judge judge() {
        return new ServingJudge();
    }

    private static final class ServingJudge implements Judge {

        private final byte[] answer = new byte[MOST_ANSWER_BYTES];
        private int length;
        private boolean tooLong;
        private int httpStatus;
        private boolean grpc;
        private String grpcStatus = "";

        @Override
        public void head(ResponseHead head) {
            httpStatus = head.status();
            String type = head.headers().get(HeaderName.CONTENT_TYPE);
            grpc = type != null && type.startsWith(CONTENT_TYPE);
            if (head.endStream()) {
                trailers(head.headers());
            }
        }

        @Override
        public void data(ByteBuf bytes) {
            int more = bytes.readableBytes();
            tooLong |= length + more > MOST_ANSWER_BYTES;
            if (!tooLong) {
                bytes.readBytes(answer, length, more);
                length += more;
            }
        }

        @Override
        public void trailers(Headers trailers) {
            String told = trailers.get(HeaderName.GRPC_STATUS);
            grpcStatus = told == null ? "" : told;
        }

        @Override
        public @Nullable ProbeResult verdict() {
            if (httpStatus == 0) {
                return null;
            }
            if (httpStatus != 200) {
                return failed("status " + httpStatus);
            }
            if (!grpc) {
                return failed("not an answer of gRPC");
            }
            if (!grpcStatus.equals("0")) {
                return failed("grpc-status " + grpcStatus);
            }
            int status = status();
            return status == SERVING ? new ProbeResult.Passed(false) : failed("serving status " + status);
        }

        private ProbeResult failed(String reason) {
            return new ProbeResult.FailedResponse(httpStatus, false, reason);
        }

        /** The last status that the one message says; 0 if none, -1 if it is not such a message. */
        private int status() {
            if (tooLong || length < PREFIX_BYTES || answer[0] != 0) {
                return -1;
            }
            int size = ByteBuffer.wrap(answer).getInt(1);
            if (size != length - PREFIX_BYTES) {
                return -1;
            }
            int status = 0;
            for (int at = PREFIX_BYTES; at < length; at += 2) {
                if (answer[at] != STATUS || at + 1 == length || answer[at + 1] < 0) {
                    return -1;
                }
                status = answer[at + 1];
            }
            return status;
        }
    }

    private record Context(StreamInfo info, RequestHead request) implements FormatContext {

        @Override
        public @Nullable ResponseHead response() {
            return null;
        }
    }
}
