package dev.starling.runtime.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.http.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoutesAsEnvoyTest {

    private static final Map<String, RouteTable> TABLES = EnvoyRoutes.BY_NAME.keySet().stream()
            .collect(Collectors.toMap(
                    Function.identity(),
                    name -> Examples.compile(Objects.requireNonNull(EnvoyRoutes.BY_NAME.get(name)))));

    static Stream<String> recorded() {
        try (InputStream in = RoutesAsEnvoyTest.class.getResourceAsStream("envoy-1.40-routes.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void answersAsEnvoyDid(String line) {
        String[] fields = line.split(" ?\\| ", -1);
        String[] headers = fields[4].isBlank() ? new String[0] : fields[4].split("; (?=[A-Za-z-]+: ?)");
        for (int i = 0; i < headers.length; i++) {
            headers[i] = headers[i].replace("X-UPPER", "x-upper");
        }
        RequestHead head = Examples.request(fields[1], fields[2], fields[3], headers);

        RouteResult result = Objects.requireNonNull(TABLES.get(fields[0])).route(head, 0);

        assertThat(describe(result)).isEqualTo(fields[5]);
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
}
