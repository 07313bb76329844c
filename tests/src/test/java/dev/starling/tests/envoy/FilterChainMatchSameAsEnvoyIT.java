package dev.starling.tests.envoy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Some hundred sets of filter chains, drawn at random: the real Envoy and Starling choose the same for each connection. */
@Timeout(300)
class FilterChainMatchSameAsEnvoyIT {

    private static final int SETS = 300;
    private static final int CONNECTIONS = 8;
    private static final int PATIENCE_MILLIS = 5000;

    @TempDir
    static Path folder;

    @Test
    void choosesTheSameChain() throws IOException {
        Path envoy = EnvoyBinary.require(FilterChainMatchSameAsEnvoyIT.class);
        long seed = Long.getLong("starling.seed", System.nanoTime());
        System.out.println("FilterChainMatchSameAsEnvoyIT: -Dstarling.seed=" + seed);
        Random random = new Random(seed);
        List<ChainSet> sets = new ArrayList<>();
        StringBuilder listeners = new StringBuilder();
        for (int i = 0; i < SETS; i++) {
            sets.add(ChainSet.draw(random));
            listeners.append(sets.get(i).listener("l" + i));
        }
        int chosen = 0;
        try (BothProxies proxies =
                BothProxies.start(envoy, folder, "chains-bootstrap.yaml", Map.of("listeners", listeners))) {
            for (int i = 0; i < SETS; i++) {
                for (int each = 0; each < CONNECTIONS; each++) {
                    String preamble = preamble(random);
                    byte[] rest = rest(random);
                    String theirs = answer(proxies.envoy().listener("l" + i), preamble, rest);
                    String ours = answer(proxies.starling().listener("l" + i), preamble, rest);

                    assertThat(ours)
                            .as("%s%s%nseed %d", preamble, sets.get(i).listener("l" + i), seed)
                            .isEqualTo(theirs);
                    chosen += theirs.isEmpty() ? 0 : 1;
                }
            }
        }
        assertThat(chosen).isBetween(SETS, SETS * CONNECTIONS - SETS);
    }

    private static String preamble(Random random) {
        String destination = any(random, ChainSet.DESTINATIONS);
        String source;
        do {
            source = any(random, ChainSet.SOURCES);
        } while (source.contains(":") != destination.contains(":"));
        return "PROXY TCP" + (source.contains(":") ? 6 : 4) + " " + source + " " + destination + " "
                + any(random, ChainSet.SOURCE_PORTS) + " " + any(random, ChainSet.PORTS) + "\r\n";
    }

    private static byte[] rest(Random random) {
        if (random.nextInt(3) == 0) {
            return "plain".getBytes(ISO_8859_1);
        }
        String name = random.nextInt(4) == 0 ? "" : any(random, ChainSet.NAMES);
        return ClientHellos.of(
                name,
                random.ints(random.nextInt(3), 0, ChainSet.PROTOCOLS.size())
                        .distinct()
                        .mapToObj(ChainSet.PROTOCOLS::get)
                        .toArray(String[]::new));
    }

    private static String any(Random random, List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** What comes until the connection ends, however it does. */
    private static String answer(InetSocketAddress listener, String preamble, byte[] rest) throws IOException {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(listener);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            sent.writeBytes(preamble.getBytes(ISO_8859_1));
            sent.writeBytes(rest);
            socket.getOutputStream().write(sent.toByteArray());
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                got.write(b);
            }
        } catch (SocketException reset) {
            // the sooner or later end of it
        }
        return got.toString(ISO_8859_1);
    }
}
