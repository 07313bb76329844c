package dev.starling.config.proto.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.starling.config.proto.support.FieldStatus.Accepted;
import dev.starling.config.proto.support.FieldStatus.Honoured;
import dev.starling.config.proto.support.FieldStatus.Unsupported;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupportListTest {

    private static final String CLUSTER = "envoy.config.cluster.v3.Cluster";

    @Test
    void readsWhatIsSaidOfFields() {
        var support = SupportList.parse("list", """
                # comment
                [!envoy.extensions.filters.http.rbac.]
                [envoy.config.cluster.v3.Cluster]
                name
                type = STATIC EDS
                metadata: nothing reads it: yet
                !transport_socket
                """);

        assertThat(support.lists(CLUSTER)).isTrue();
        assertThat(support.lists("envoy.config.cluster.v3.Other")).isFalse();
        assertThat(status(support, "name")).isEqualTo(new Honoured(Set.of()));
        assertThat(status(support, "type")).isEqualTo(new Honoured(Set.of("STATIC", "EDS")));
        assertThat(status(support, "metadata")).isEqualTo(new Accepted("nothing reads it: yet"));
        assertThat(status(support, "transport_socket")).isEqualTo(new Unsupported(true));
        assertThat(status(support, "lb_policy")).isEqualTo(new Unsupported(false));
        assertThat(support.isProtective(RBAC.getDescriptor())).isTrue();
        assertThat(support.isProtective(Cluster.getDescriptor())).isFalse();
    }

    @Test
    void addsTheListsOfExtensions() {
        var both = SupportList.parse("one", "[a.A]\nx")
                .plus("two", "[" + CLUSTER + "]\nname\n[!envoy.extensions.filters.http.rbac.]");

        assertThat(both.lists("a.A")).isTrue();
        assertThat(status(both, "name")).isEqualTo(new Honoured(Set.of()));
        assertThat(both.isProtective(RBAC.getDescriptor())).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> both.plus("three", "[a.A]"))
                .withMessage("three: a.A is listed elsewhere");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name | list:1: a field before any message",
                "[a.A | list:1: `]` is missing",
                "[a.A]\\n[a.A] | list:2: a.A is listed twice",
                "[a.A]\\nx\\nx: y | list:3: x is listed twice",
                "[a.A]\\nx y | list:2: `x y` is not a field name",
            })
    void refusesAListThatIsNotOne(String list, String message) {
        assertThatIllegalStateException()
                .isThrownBy(() -> SupportList.parse("list", list.replace("\\n", "\n")))
                .withMessage(message);
    }

    private static FieldStatus status(FieldSupport support, String field) {
        return support.status(Cluster.getDescriptor().findFieldByName(field));
    }
}
