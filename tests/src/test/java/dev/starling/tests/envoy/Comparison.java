package dev.starling.tests.envoy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real Envoy and Starling on one bootstrap, with one upstream for both. Left out, with a line that says so, where there
 * is no Envoy.
 *
 * @param <U> the upstream
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Comparison<U extends Closeable> {

    private final String bootstrapResource;

    /** Where both have a folder of their own. */
    Path folder;

    U upstream;
    BothProxies proxies;

    Comparison(String bootstrapResource) {
        this.bootstrapResource = bootstrapResource;
    }

    /** Called once, when the folder is there. */
    abstract U openUpstream() throws IOException;

    /** What the names in braces in the bootstrap stand for; the upstream is open. */
    abstract Map<String, ?> values();

    @BeforeAll
    final void start(@TempDir Path given) throws IOException {
        Path envoy = EnvoyBinary.require(getClass());
        folder = given;
        upstream = openUpstream();
        proxies = BothProxies.start(envoy, folder, bootstrapResource, values());
    }

    @AfterAll
    final void stop() throws IOException {
        if (proxies != null) {
            proxies.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }
}
