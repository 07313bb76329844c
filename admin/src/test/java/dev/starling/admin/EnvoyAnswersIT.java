package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.starling.config.Address;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Asks what a real Envoy 1.40 was asked, over the same bootstrap, and compares the answers. */
final class EnvoyAnswersIT {

    private static AdminFixture admin;

    @BeforeAll
    static void start() throws Exception {
        admin = AdminFixture.ofBootstrap();
    }

    @AfterAll
    static void stop() throws Exception {
        admin.close();
    }

    @TestFactory
    List<DynamicTest> answersAsEnvoyDoes() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode answers = new ObjectMapper().readTree(AdminFixture.resource("answers.json"));
        answers.forEach(answer ->
                tests.add(DynamicTest.dynamicTest(answer.get("request").asText(), () -> answersAs(answer))));
        return tests;
    }

    private static void answersAs(JsonNode envoys) throws Exception {
        String[] request = envoys.get("request").asText().split(" ", 2);
        if (request[1].startsWith("/listeners")) {
            listenAsEnvoyDid(envoys.get("body").asText());
        }

        HttpResponse<String> ours = admin.send(request[0], request[1]);

        assertThat(ours.statusCode()).isEqualTo(envoys.get("status").asInt());
        assertThat(ours.headers().firstValue("content-type").orElseThrow().toLowerCase(Locale.ROOT))
                .isEqualTo(envoys.get("content-type").asText().toLowerCase(Locale.ROOT));
        assertThat(comparable(request[1], ours.body()))
                .isEqualTo(comparable(request[1], envoys.get("body").asText()));
    }

    /** The ports were Envoy's to choose. */
    private static void listenAsEnvoyDid(String body) throws Exception {
        Map<String, List<Address>> addresses = new HashMap<>();
        if (body.startsWith("{")) {
            for (JsonNode listener : new ObjectMapper().readTree(body).get("listener_statuses")) {
                List<Address> its =
                        addresses.computeIfAbsent(listener.get("name").asText(), _ -> new ArrayList<>());
                listener.findValues("socket_address")
                        .forEach(socket -> its.add(Address.Socket.of(
                                socket.get("address").asText(),
                                socket.get("port_value").asInt())));
            }
        } else {
            body.lines()
                    .map(line -> line.split("::", -1))
                    .forEach(line -> addresses
                            .computeIfAbsent(line[0], _ -> new ArrayList<>())
                            .add(Address.Socket.of(
                                    line[1].split(":", -1)[0], Integer.parseInt(line[1].split(":", -1)[1]))));
        }
        admin.listeners.clear();
        admin.listeners.add(new ListenerView("web", "static", Objects.requireNonNull(addresses.get("web"))));
        admin.listeners.add(new ListenerView("plain", "static", Objects.requireNonNull(addresses.get("plain"))));
    }

    /**
     * What must differ is left out: lists of loggers and commands, times, a gauge that came with Envoy 1.40, and the
     * marks that protobuf puts into debug texts at random.
     */
    private static String comparable(String target, String body) {
        String text = body;
        if (target.startsWith("/logging")) {
            text = text.split("active loggers", -1)[0];
        }
        if (text.contains("admin commands are:\n")) {
            text = text.substring(0, text.indexOf("admin commands are:\n")) + "admin commands are:\n";
        }
        text = text.replaceAll("goo\\.gle/debug\\w+ *\n", "")
                .replace(
                        ",\n      {\n       \"type\": \"GAUGE\",\n       \"name\": \"rq_pending_active\"\n      }", "");
        return text.lines()
                .filter(line -> !line.contains("::rq_pending_active::"))
                .filter(line -> !line.contains("\"last_updated\""))
                .collect(Collectors.joining("\n"));
    }
}
