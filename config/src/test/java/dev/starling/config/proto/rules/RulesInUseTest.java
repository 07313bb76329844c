package dev.starling.config.proto.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.pgv.validate.Validate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The few rules that are not enforced are those that no message of Envoy uses. */
class RulesInUseTest {

    private static final List<String> NOT_ENFORCED = List.of("lt_now", "gt_now", "within:", "no_sparse");

    @Test
    void noProtoFileUsesARuleThatIsNotEnforced() throws Exception {
        var jar = Path.of(Validate.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        var users = new ArrayList<String>();
        int files = 0;
        try (var content = new JarFile(jar.toFile())) {
            for (var entry : content.stream()
                    .filter(each -> each.getName().startsWith("envoy/")
                            && each.getName().endsWith(".proto"))
                    .toList()) {
                files++;
                String text = new String(content.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                if (text.contains("validate.rules") && NOT_ENFORCED.stream().anyMatch(text::contains)) {
                    users.add(entry.getName());
                }
            }
        }

        assertThat(files).isGreaterThan(400);
        assertThat(users).isEmpty();
    }
}
