package dev.starling.tests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells a newcomer to try with {@code starling demo}, tried with the clients it names. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoClientsIT {

    private static final Path CURL = Path.of("/usr/bin/curl");

    @TempDir
    static Path folder;

    private StarlingProcess demo;
    private int port;
    private int tls;

    @BeforeAll
    void start() throws IOException {
        demo = StarlingProcess.run(folder, List.of(), "demo", "--port", "0", "--admin-port", "0");
        await().atMost(Duration.ofSeconds(60)).until(() -> demo.out().contains("Ctrl-C"));
        port = toldPort(" http://127.0.0.1:(\\d+)/ ");
        tls = toldPort(" https://127.0.0.1:(\\d+)/talk ");
    }

    private int toldPort(String pattern) throws IOException {
        Matcher told = Pattern.compile(pattern).matcher(demo.out());
        assertThat(told.find()).as(demo.out()).isTrue();
        return Integer.parseInt(told.group(1));
    }

    @AfterAll
    void stop() {
        if (demo != null) {
            demo.close();
        }
    }

    private String admin(String path) throws Exception {
        return curl("http://127.0.0.1:" + toldPort(" http://127.0.0.1:(\\d+)/clusters ") + path);
    }

    private static String curl(String... words) throws Exception {
        assumeTrue(Files.isExecutable(CURL), "no curl here");
        List<String> command = new ArrayList<>(List.of(CURL.toString(), "-sS", "-w", "%{http_version}"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void answersCurlInEveryVersion() throws Exception {
        assertThat(curl("http://127.0.0.1:" + port + "/")).matches("(robin|wren|finch) sings\n1\\.1");
        assertThat(curl("--http2-prior-knowledge", "http://127.0.0.1:" + port + "/"))
                .matches("(robin|wren|finch) sings\n2");
        assertThat(curl("--http2", "-k", "https://127.0.0.1:" + tls + "/")).matches("(robin|wren|finch) sings\n2");
        assertThat(curl("--http1.1", "-k", "https://127.0.0.1:" + tls + "/"))
                .matches("(robin|wren|finch) sings\n1\\.1");
    }

    private ManagedChannel channel() throws IOException {
        return NettyChannelBuilder.forAddress("127.0.0.1", tls)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .build())
                .build();
    }

    @Test
    void answersCallsOfGrpc() throws Exception {
        ManagedChannel channel = channel();
        try {
            var health = HealthGrpc.newBlockingStub(channel);
            for (String bird : List.of("", "robin", "wren", "finch")) {
                assertThat(health.check(question(bird)).getStatus()).isEqualTo(ServingStatus.SERVING);
            }
            assertThatThrownBy(() -> health.check(question("dodo")))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));

            curl("http://127.0.0.1:" + port + "/break/wren");
            await().ignoreExceptions() // a call that comes to the broken one itself
                    .until(() -> health.check(question("wren")).getStatus() == ServingStatus.NOT_SERVING);
            curl("http://127.0.0.1:" + port + "/mend/wren");
            assertThat(health.check(question("wren")).getStatus()).isEqualTo(ServingStatus.SERVING);
        } finally {
            channel.shutdownNow();
        }
    }

    private static HealthCheckRequest question(String bird) {
        return HealthCheckRequest.newBuilder().setService(bird).build();
    }

    @Test
    void tellsByReflectionWhatMayBeCalled() throws Exception {
        ManagedChannel channel = channel();
        try {
            BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
            StreamObserver<ServerReflectionRequest> questions =
                    ServerReflectionGrpc.newStub(channel).serverReflectionInfo(observer(answers));

            questions.onNext(
                    ServerReflectionRequest.newBuilder().setListServices("*").build());
            assertThat(answers.poll(20, TimeUnit.SECONDS)
                            .getListServicesResponse()
                            .getService(0)
                            .getName())
                    .isEqualTo(HealthGrpc.SERVICE_NAME);

            questions.onNext(ServerReflectionRequest.newBuilder()
                    .setFileContainingSymbol(HealthGrpc.SERVICE_NAME)
                    .build());
            FileDescriptorProto file = FileDescriptorProto.parseFrom(answers.poll(20, TimeUnit.SECONDS)
                    .getFileDescriptorResponse()
                    .getFileDescriptorProto(0));
            var check = FileDescriptor.buildFrom(file, new FileDescriptor[0])
                    .findServiceByName("Health")
                    .findMethodByName("Check");
            assertThat(check.getOutputType().toProto())
                    .isEqualTo(HealthCheckResponse.getDescriptor().toProto());
            questions.onCompleted();
        } finally {
            channel.shutdownNow();
        }
    }

    private static <T> StreamObserver<T> observer(BlockingQueue<T> values) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                values.add(value);
            }

            @Override
            public void onError(Throwable failure) {
                // what did not come is missed
            }

            @Override
            public void onCompleted() {
                // as expected
            }
        };
    }

    @Test
    void opensAWebSocketInABrowserOverHttp2() throws Exception {
        String connections = admin("/stats?filter=http.demo.downstream_cx_http1_total");

        String page;
        try (Chromium browser =
                Chromium.open(folder, "about:blank", "--ignore-certificate-errors", "--remote-debugging-port=0")) {
            page = DevTools.pageWith(browser.debuggingPort(), "https://127.0.0.1:" + tls + "/talk", ": hello");
        }

        assertThat(page).contains("the WebSocket is open").containsPattern("(robin|wren|finch): hello");
        assertThat(admin("/stats?filter=http.demo.downstream_cx_http1_total")).isEqualTo(connections);
        assertThat(admin("/stats?filter=http.demo.downstream_cx_upgrades_total"))
                .startsWith("http.demo.downstream_cx_upgrades_total: 1\n");
    }
}
