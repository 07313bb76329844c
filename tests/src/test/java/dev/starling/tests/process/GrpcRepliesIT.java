package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.TestServiceGrpc;
import io.grpc.testing.integration.TestServiceGrpc.TestServiceBlockingStub;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What gRPC's client makes of Starling's own replies. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcRepliesIT {

    private static final int LATE_MICROS = 20_000_000;

    @TempDir
    static Path folder;

    private InteropProxy proxy;

    @BeforeAll
    void start() throws Exception {
        proxy = InteropProxy.start(folder, InteropCertificates.write(folder));
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private Status failed(String authority, Consumer<TestServiceBlockingStub> call) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress(proxy.listener("clear"))
                .usePlaintext()
                .overrideAuthority(authority)
                .build();
        try {
            TestServiceBlockingStub stub = TestServiceGrpc.newBlockingStub(channel);
            return catchThrowableOfType(StatusRuntimeException.class, () -> call.accept(stub))
                    .getStatus();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void tellsThatThereIsNobodyToCall() throws Exception {
        Status status = failed("nobody.test", stub -> stub.emptyCall(Empty.getDefaultInstance()));

        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo("no healthy upstream");
    }

    @Test
    void endsACallThatTakesTooLong() throws Exception {
        ResponseParameters late = ResponseParameters.newBuilder()
                .setSize(1)
                .setIntervalUs(LATE_MICROS)
                .build();
        StreamingOutputCallRequest request = StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(late)
                .build();

        Status status =
                failed("brief.test", stub -> stub.streamingOutputCall(request).forEachRemaining(response -> {}));

        assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(status.getDescription()).isEqualTo("downstream duration timeout");
        assertThat(proxy.stat("http.clear.downstream_rq_max_duration_reached")).isEqualTo(1);
    }
}
