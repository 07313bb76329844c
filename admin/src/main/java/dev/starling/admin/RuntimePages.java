package dev.starling.admin;

import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.layered.RuntimeSnapshot.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /runtime} and {@code /runtime_modify}. */
final class RuntimePages {

    private static final String USAGE = """
            usage: /runtime_modify?key1=value1&key2=value2&keyN=valueN
                   or send the parameters as form values
            use an empty value to remove a previously added override""";

    private final Supplier<RuntimeSnapshot> runtime;
    private final AdminActions actions;

    RuntimePages(Supplier<RuntimeSnapshot> runtime, AdminActions actions) {
        this.runtime = runtime;
        this.actions = actions;
    }

    /** What each layer says of each key, the last that says anything counting. Envoy's order of keys is its hash table's. */
    AdminResponse show(AdminRequest request) {
        RuntimeSnapshot snapshot = runtime.get();
        Map<String, Object> entries = new LinkedHashMap<>();
        new TreeMap<>(snapshot.values()).forEach((key, value) -> {
            List<String> said = new ArrayList<>();
            snapshot.layers().forEach(layer -> said.add(text(layer.values().get(key))));
            entries.put(key, Map.of("layer_values", said, "final_value", value.text()));
        });
        List<String> names = snapshot.layers().stream().map(Layer::name).toList();
        return JsonPage.of(out -> {
            JsonPage.member("layers", names, out);
            JsonPage.member("entries", entries, out);
        });
    }

    private static String text(@Nullable RuntimeValue value) {
        return value == null ? "" : value.text();
    }

    CompletionStage<AdminResponse> modify(AdminRequest request) {
        Map<String, String> values = request.query().all();
        return values.isEmpty()
                ? CompletableFuture.completedStage(AdminResponse.text(400, USAGE))
                : actions.modifyRuntime(values)
                        .thenApply(refusal -> refusal.map(reason -> AdminResponse.text(503, reason))
                                .orElseGet(AdminResponse::ok));
    }
}
