package dev.starling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.starling.config.bootstrap.RuntimeValue;
import dev.starling.runtime.layered.RuntimeSnapshot;
import dev.starling.runtime.layered.RuntimeSnapshot.Layer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RuntimePagesIT {

    private static AdminFixture admin;

    @BeforeAll
    static void start() throws Exception {
        admin = AdminFixture.ofBootstrap();
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @Test
    void showsWhatEachLayerSays() throws Exception {
        admin.runtime.publish(new RuntimeSnapshot(List.of(
                new Layer("base", Map.of("a", RuntimeValue.text("1"), "b", RuntimeValue.text("2"))),
                new Layer("admin", Map.of("b", RuntimeValue.text("3"))))));

        var shown = admin.get("/runtime");

        assertThat(shown.headers().firstValue("content-type")).contains("application/json");
        assertThat(new ObjectMapper().readTree(shown.body())).isEqualTo(new ObjectMapper().readTree("""
                {"layers": ["base", "admin"], "entries": {
                  "a": {"layer_values": ["1", ""], "final_value": "1"},
                  "b": {"layer_values": ["2", "3"], "final_value": "3"}}}"""));
    }

    @Test
    void passesOnWhatIsToBeModified() throws Exception {
        var answer = admin.post("/runtime_modify?a=1&b=");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("OK\n");
        assertThat(admin.actions).contains(Map.of("a", "1", "b", ""));
        admin.postForm("/runtime_modify", "c=2");
        assertThat(admin.actions).contains(Map.of("c", "2"));
    }

    @Test
    void tellsWhyNothingWasModified() throws Exception {
        var refused = admin.post("/runtime_modify?bad=1");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).isEqualTo("cannot be read");
    }

    @Test
    void tellsHowItIsUsed() throws Exception {
        assertThat(admin.post("/runtime_modify").statusCode()).isEqualTo(400);
        assertThat(admin.post("/runtime_modify").body()).isEqualTo("""
                usage: /runtime_modify?key1=value1&key2=value2&keyN=valueN
                       or send the parameters as form values
                use an empty value to remove a previously added override""");
        assertThat(admin.get("/runtime_modify?a=1").statusCode()).isEqualTo(405);
    }
}
