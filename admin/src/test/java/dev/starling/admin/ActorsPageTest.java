package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ActorsPageTest {

    private static AdminResponse answer(String target) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", "a/b");
        state.put("age", Duration.ofMillis(1500));
        state.put("parent", Optional.empty());
        state.put("sizes", List.of(1, 2.5));
        ActorTree tree = path -> CompletableFuture.completedStage(
                path.equals(List.of("clusters", "a/b"))
                        ? Optional.of(state)
                        : path.isEmpty() ? Optional.of(Map.of("clusters", List.of())) : Optional.empty());
        return new ActorsPage(tree)
                .answer(AdminRequest.of("GET", target))
                .toCompletableFuture()
                .join();
    }

    @Test
    void showsStatesAsJson() {
        assertThat(answer("/actors/clusters/a%2Fb")).isEqualTo(AdminResponse.json("""
                {
                 "name": "a/b",
                 "age": "PT1.5S",
                 "parent": null,
                 "sizes": [
                  1,
                  2.5
                 ]
                }
                """));
    }

    @Test
    void beginsAtTheRoot() {
        assertThat(answer("/actors"))
                .isEqualTo(answer("/actors/"))
                .isEqualTo(AdminResponse.json("{\n \"clusters\": []\n}\n"));
    }

    @Test
    void knowsWhatIsNotThere() {
        assertThat(answer("/actors/nobody").status()).isEqualTo(404);
    }
}
