package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The interoperability cases of gRPC's Java client, through Starling with HTTP/2 on both sides, to gRPC's Java server. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GrpcInteropIT {

    /** All cases but those that want to look into a server of the same object. */
    static final List<String> CASES = List.of(
            "emptyUnary",
            "emptyUnaryWithRetriableStream",
            "largeUnary",
            "serverCompressedUnary",
            "serverStreaming",
            "clientStreaming",
            "pingPong",
            "emptyStream",
            "cancelAfterBegin",
            "cancelAfterFirstResponse",
            "fullDuplexCallShouldSucceed",
            "halfDuplexCallShouldSucceed",
            "serverStreamingShouldBeFlowControlled",
            "veryLargeRequest",
            "veryLargeResponse",
            "exchangeMetadataUnaryCall",
            "exchangeMetadataStreamingCall",
            "deadlineNotExceeded",
            "deadlineExceeded",
            "deadlineExceededServerStreaming",
            "deadlineInPast",
            "maxInboundSize_exact",
            "maxInboundSize_tooBig",
            "maxOutboundSize_exact",
            "maxOutboundSize_tooBig",
            "gracefulShutdown",
            "customMetadata",
            "statusCodeAndMessage",
            "specialStatusMessage",
            "unimplementedMethod",
            "unimplementedService",
            "timeoutOnSleepingServer");

    private static final int SOAK_ROUNDS = 300;

    @TempDir
    static Path folder;

    private InteropCertificates certificates;
    private InteropProxy proxy;

    @BeforeAll
    void start() throws Exception {
        certificates = InteropCertificates.write(folder);
        proxy = InteropProxy.start(folder, certificates);
    }

    @AfterAll
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
    }

    private InteropCalls clear() throws IOException {
        return InteropCalls.clear(proxy.listener("clear"));
    }

    @Order(1)
    @ParameterizedTest
    @FieldSource("CASES")
    void passesInTheClear(String name) throws Throwable {
        run(clear(), name);
    }

    @Order(2)
    @ParameterizedTest
    @FieldSource("CASES")
    void passesOverTls(String name) throws Throwable {
        run(InteropCalls.secure(proxy.listener("secure"), certificates), name);
    }

    @Order(3)
    @ParameterizedTest
    @FieldSource("CASES")
    void passesOverTlsToTheEndpoint(String name) throws Throwable {
        run(InteropCalls.clear(proxy.listener("clear-to-secure")), name);
    }

    @Order(4)
    @ParameterizedTest
    @FieldSource("CASES")
    void passesOverTlsOnBothSides(String name) throws Throwable {
        run(InteropCalls.secure(proxy.listener("secure-to-secure"), certificates), name);
    }

    private static void run(InteropCalls calls, String name) throws Throwable {
        calls.setUp();
        try {
            InteropCalls.class.getMethod(name).invoke(calls);
        } catch (InvocationTargetException failure) {
            throw failure.getCause();
        } finally {
            calls.tearDown();
        }
    }

    @Order(5)
    @Test
    @SuppressWarnings("JUnitMethodInvoked") // gRPC has its cases as tests, and they are to be run many times
    void callsAgainAndAgainAndLeavesNothingBehind() throws Throwable {
        InteropCalls calls = clear();
        calls.setUp();
        try {
            for (int i = 0; i < SOAK_ROUNDS; i++) {
                calls.emptyUnary();
                if (i % 10 == 0) {
                    calls.largeUnary();
                    run(clear(), "cancelAfterFirstResponse"); // which looks into what its own calls have left
                }
            }
        } finally {
            calls.tearDown();
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(proxy.stat("cluster.clear.upstream_rq_active")).isZero();
            assertThat(proxy.stat("http.clear.downstream_rq_active")).isZero();
        });
        assertThat(proxy.stat("cluster.clear.grpc.grpc.testing.TestService.EmptyCall.0"))
                .isGreaterThan(SOAK_ROUNDS);
        assertThat(proxy.stat("starling.loop.turn_failures")).isZero();
    }
}
