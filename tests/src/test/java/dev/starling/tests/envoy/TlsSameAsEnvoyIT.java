package dev.starling.tests.envoy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real Envoy and Starling on one bootstrap and the same certificates: what clients of TLS see, what endpoints are
 * shown, logs and statistics are the same, but for what {@link TlsDifferences} lists.
 */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsSameAsEnvoyIT {

    @TempDir
    static Path folder;

    private TlsStage stage;

    @BeforeAll
    void start() throws Exception {
        stage = new TlsStage(EnvoyBinary.require(TlsSameAsEnvoyIT.class), folder);
    }

    @AfterAll
    void stop() {
        if (stage != null) {
            stage.close();
        }
    }

    @ParameterizedTest
    @MethodSource("alike")
    void doesTheSame(TlsCase each) throws IOException {
        stage.proxies().assertAlike(proxy -> TlsTranscript.of(each, proxy));
    }

    @Test
    void differsWhereItMeansTo() throws IOException {
        for (TlsCase each : cases()) {
            if (TlsDifferences.contains(each)) {
                stage.proxies().assertDifferent(each.name(), proxy -> TlsTranscript.of(each, proxy));
            }
        }
    }

    private List<TlsCase> cases() {
        return stage.cases();
    }

    List<TlsCase> alike() {
        return cases().stream().filter(each -> !TlsDifferences.contains(each)).toList();
    }
}
