package dev.starling.runtime.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.proto.ConfigReader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.TranslationContext;
import dev.starling.config.proto.UnknownFields;
import dev.starling.config.proto.route.RouteConfigurationReader;
import dev.starling.config.proto.source.ConfigText;
import dev.starling.config.proto.support.FieldSupport;
import dev.starling.runtime.message.RequestHead;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations and requests that a real Envoy was given, and what it answered. */
class RoutesAsEnvoyTest {

    private static final Map<String, RouteTable> TABLES = new HashMap<>();

    static Stream<String> answers() {
        return resource("answers.txt").lines().filter(line -> !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answersAsEnvoyDid(String line) {
        String[] fields = line.split(" ?\\| ", -1);
        RequestHead head = Examples.request(fields[1], fields[2], fields[3], headers(fields[4]));

        RouteResult result =
                TABLES.computeIfAbsent(fields[0], RoutesAsEnvoyTest::table).route(head, 0);

        assertThat(describe(result)).isEqualTo(fields[5]);
    }

    private static String[] headers(String field) {
        // a codec makes the names lower case
        String lower = field.replace("X-UPPER", "x-upper");
        return lower.isBlank() ? new String[0] : lower.split("; (?=[a-z-]+: ?)");
    }

    private static String describe(@Nullable RouteResult result) {
        return switch (result) {
            case null -> "404";
            case Redirect(int status, String location, RouteEntry _) -> status + " " + location;
            case DirectResponse(int status, byte[] _, String location, RouteEntry entry) ->
                status == 200 ? entry.name() : (status + " " + location).strip();
            case Forward forward ->
                forward.cluster() == null
                        ? String.valueOf(forward.action().clusterNotFoundStatus())
                        : forward.clusterName();
        };
    }

    private static RouteTable table(String name) {
        try {
            var checked = new ConfigReader(FieldSupport.builtIn(), Map.of())
                    .read(
                            RouteConfiguration.getDefaultInstance(),
                            List.of(ConfigText.yaml(name, resource(name + ".yaml"))),
                            UnknownFields.REJECT);
            var context = TranslationContext.of(
                    checked.problems(), UnknownFields.REJECT, new ExtensionRegistry.Builder().build(), cluster -> true);
            var config = RouteConfigurationReader.read(checked.message(), false, context);
            checked.problems().throwIfAny();
            return Examples.compile(Objects.requireNonNull(config));
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = RoutesAsEnvoyTest.class.getResourceAsStream("envoy/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
