package dev.starling.tests.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.starling.tests.envoy.RandomUpdates.Sent;
import dev.starling.tests.xds.OwnPlane;
import dev.starling.tests.xds.OwnPlane.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One control plane drives the real Envoy and Starling through the same random updates, good and bad; after each the answers
 * that it got, what both show and what both answer are compared. More of it with {@code -Dstarling.xds.updates=300
 * -Dstarling.seed=N}.
 */
@Timeout(900)
class RandomUpdatesSameAsEnvoyIT {

    private static final int UPDATES = Integer.getInteger("starling.xds.updates", 40);
    /** Of each host of each listener, so that each of three endpoints answers sometimes. */
    private static final int REQUESTS = 8;

    private static final int MOST_REQUESTS = 64;
    private static final long SEED = Long.getLong("starling.seed", System.nanoTime());

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void areTakenAndRefusedAlike(String apiType) throws Exception {
        Path envoy = EnvoyBinary.require(getClass());
        System.out.println(getClass().getSimpleName() + " " + apiType + ": -Dstarling.seed=" + SEED);
        try (var one = new ScriptedUpstream(false);
                var two = new ScriptedUpstream(false);
                var three = new ScriptedUpstream(false);
                var plane = OwnPlane.start()) {
            var upstreams = List.of(one, two, three);
            for (int i = 0; i < upstreams.size(); i++) {
                upstreams.get(i).answer("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n" + i);
            }
            Random random = new Random(SEED);
            var resources = new RandomResources(
                    random, upstreams.stream().map(ScriptedUpstream::port).toList());
            var updates = new RandomUpdates(random, resources, plane);
            updates.begin();
            try (var both = BothProxies.start(
                    envoy,
                    folder,
                    "random-updates-bootstrap.yaml",
                    Map.of("plane", plane.port(), "apiType", apiType))) {
                List<String> history = new ArrayList<>();
                awaitAnswers(plane);
                for (int i = 0; i < UPDATES; i++) {
                    update(both, plane, updates, history);
                }
            }
        }
    }

    private static void update(BothProxies both, OwnPlane plane, RandomUpdates updates, List<String> history)
            throws IOException {
        Sent sent = updates.next();
        history.add(sent.what());
        List<Answer> answers = awaitAnswers(plane);
        assertThat(refused(answers, "starling"))
                .as("refused after %s: %s", history, answers)
                .isEqualTo(refused(answers, "envoy"));
        assertThat(answers)
                .as("refused by name: %s", history)
                .filteredOn(answer ->
                        answer.node().endsWith("starling") && !answer.error().isEmpty())
                .allMatch(answer -> answer.error().contains("resources[")
                        || sent.bad().stream().allMatch(answer.error()::contains));
        if (sent.bad().isEmpty() || sent.alone()) {
            assertAlike(both, history);
        }
    }

    private static List<Answer> awaitAnswers(OwnPlane plane) {
        return Awaitility.await("answers")
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(5, TimeUnit.MILLISECONDS)
                .until(plane::takeAnswers, Optional::isPresent)
                .orElseThrow();
    }

    /** The types of which a response was refused. */
    private static String refused(List<Answer> answers, String node) {
        return answers.stream()
                .filter(answer ->
                        answer.node().endsWith(node) && !answer.error().isEmpty())
                .map(Answer::typeUrl)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Sooner or later; who chooses among endpoints by chance is asked more often each time. */
    private static void assertAlike(BothProxies both, List<String> history) throws IOException {
        var theirs = new AtomicReference<>(List.<String>of());
        var ours = new AtomicReference<>(List.<String>of());
        var requests = new AtomicInteger();
        try {
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .pollInterval(20, TimeUnit.MILLISECONDS)
                    .until(() -> {
                        int each = Math.min(requests.addAndGet(REQUESTS), MOST_REQUESTS);
                        String envoy = DrivenState.of(both.envoy(), each);
                        String starling = shownAsBy(envoy, DrivenState.of(both.starling(), each));
                        theirs.set(withoutShared(envoy, envoy));
                        ours.set(withoutShared(envoy, starling));
                        return ours.get().equals(theirs.get());
                    });
        } catch (ConditionTimeoutException never) {
            fail(
                    "only Envoy: %s\nonly Starling: %s\nafter %s\nEnvoy:\n%s",
                    without(theirs.get(), ours.get()),
                    without(ours.get(), theirs.get()),
                    String.join("\n", history),
                    String.join("\n", theirs.get()));
        }
    }

    private static List<String> without(List<String> lines, List<String> others) {
        List<String> left = new ArrayList<>(lines);
        others.forEach(left::remove);
        return left;
    }

    /** Where Envoy refuses a response before it looks at its resources, it shows none as refused; we do. */
    private static String shownAsBy(String envoy, String ours) {
        return envoy.contains(DrivenState.REFUSED) ? ours : ours.replace(DrivenState.REFUSED, "");
    }

    /** Of two listeners that have one socket with Envoy, neither can be asked; ours each have their own. */
    private static List<String> withoutShared(String envoy, String text) {
        List<String> unasked = envoy.lines()
                .filter(line -> line.endsWith(DrivenState.SHARED))
                .map(line -> line.substring(0, line.length() - DrivenState.SHARED.length()) + " ")
                .toList();
        return text.lines()
                .filter(line -> unasked.stream().noneMatch(line::startsWith))
                .toList();
    }
}
