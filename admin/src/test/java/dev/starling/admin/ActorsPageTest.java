package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ActorsPageTest {

    private record State(String name, Duration age, Optional<String> parent, List<Integer> sizes) {}

    private static final ActorTree TREE = path -> CompletableFuture.completedStage(
            path.equals(List.of("clusters", "a/b"))
                    ? Optional.of(new State("a/b", Duration.ofMillis(1500), Optional.empty(), List.of(1, 2)))
                    : path.isEmpty() ? Optional.of(Map.of("clusters", List.of())) : Optional.empty());

    private static AdminResponse answer(String target) {
        return new ActorsPage(TREE)
                .answer(AdminRequest.of("GET", target))
                .toCompletableFuture()
                .join();
    }

    @Test
    void rendersRecordsAsJson() {
        assertThat(answer("/actors/clusters/a%2Fb")).isEqualTo(AdminResponse.json("""
                {
                  "name" : "a/b",
                  "age" : "PT1.5S",
                  "parent" : null,
                  "sizes" : [ 1, 2 ]
                }
                """));
    }

    @Test
    void beginsAtTheRoot() {
        assertThat(answer("/actors")).isEqualTo(answer("/actors/")).isEqualTo(AdminResponse.json("""
                {
                  "clusters" : [ ]
                }
                """));
    }

    @Test
    void knowsWhatIsNotThere() {
        assertThat(answer("/actors/nobody").status()).isEqualTo(404);
    }
}
