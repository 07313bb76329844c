package dev.starling.runtime.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.route.ScopedRoutes.Element;
import dev.starling.config.route.ScopedRoutes.KeyPart;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeKeyTest {

    private static final KeyPart VALUE = new KeyPart("x-scope", ";", new Element.Of("v", "="));
    private static final KeyPart THIRD = new KeyPart("x-scope", ";", new Element.At(2));
    private static final KeyPart HOST = new KeyPart("host", "", new Element.At(0));

    private static @Nullable List<String> key(String value, KeyPart... parts) {
        Headers headers = new Headers();
        headers.add("x-scope", value);
        return new ScopeKey(List.of(parts))
                .of(new RequestHead("GET", "/", "h:1", "http", Protocol.HTTP_1_1, headers, "", 0, true));
    }

    /** As a real Envoy has found them. */
    @ParameterizedTest
    @CsvSource({"v=a, a", "x;v=a, a", "v=a=b, a=b", "v, ", "V=a, ", "v=c;v=a, c", "'v=', ''"})
    void takesWhatStandsBehindAKey(String value, @Nullable String part) {
        assertThat(key(value, VALUE)).isEqualTo(part == null ? null : List.of(part));
    }

    @ParameterizedTest
    @CsvSource({"a;b;c, c", "a;b;, ''", "a;b, ", "a;b;c;d, c"})
    void takesTheElementAtAnIndex(String value, @Nullable String part) {
        assertThat(key(value, THIRD)).isEqualTo(part == null ? null : List.of(part));
    }

    @Test
    void joinsItsParts() {
        assertThat(key("v=a", VALUE, HOST)).containsExactly("a", "h:1");
    }

    @Test
    void withoutAHeaderThereIsNoKey() {
        assertThat(key("v=a", HOST, new KeyPart("x-other", "", new Element.At(0))))
                .isNull();
    }
}
