package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The real Envoy and Starling on one bootstrap. */
record BothProxies(ProxyProcess envoy, ProxyProcess starling) implements AutoCloseable {

    /** What races in a proxy may end either way now and then, in Envoy too. */
    private static final int TRIES = 3;

    /** One exchange through a proxy, as text to compare. */
    interface Told {
        String by(ProxyProcess proxy) throws IOException;
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

    /** What Envoy does in one of the tries, Starling does in one of them; a second try is told of, as it shows a race. */
    void assertAlike(Told exchange) throws IOException {
        Set<String> theirs = new HashSet<>();
        Set<String> ours = new HashSet<>();
        String envoySays = "";
        String starlingSays = "";
        for (int i = 0; i < TRIES && Collections.disjoint(theirs, ours); i++) {
            envoySays = exchange.by(envoy);
            starlingSays = exchange.by(starling);
            theirs.add(envoySays);
            ours.add(starlingSays);
            if (Collections.disjoint(theirs, ours)) {
                System.out.println("TO BE TRIED AGAIN, as only Envoy says " + onlyIn(envoySays, starlingSays)
                        + " and only Starling " + onlyIn(starlingSays, envoySays));
            }
        }
        if (Collections.disjoint(theirs, ours)) {
            assertThat(starlingSays).isEqualTo(envoySays);
        }
    }

    private static List<String> onlyIn(String one, String other) {
        Set<String> others = other.lines().collect(Collectors.toSet());
        return one.lines().filter(line -> !others.contains(line)).toList();
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
