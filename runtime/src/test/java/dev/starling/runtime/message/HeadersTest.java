package dev.starling.runtime.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

    private static final HeaderName VIA = HeaderName.VIA;

    private final Headers headers = new Headers();

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String written() {
        byte[] target = new byte[headers.encodedBound() + 6];
        int end = headers.writeTo(target, 3);
        return new String(target, 3, end - 3, StandardCharsets.ISO_8859_1);
    }

    @Test
    void keepsOrderAndRepetitions() {
        headers.add("b", "1");
        headers.add(VIA, "2");
        headers.add("b", "3");

        assertThat(headers).hasToString("b: 1\nvia: 2\nb: 3\n");
        assertThat(written()).isEqualTo("b: 1\r\nvia: 2\r\nb: 3\r\n");
        assertThat(headers.size()).isEqualTo(3);
        assertThat(headers.get("b")).isEqualTo("1");
        assertThat(headers.joined("b")).isEqualTo("1,3");
        assertThat(headers.joined("via")).isEqualTo("2");
        assertThat(headers.joined("c")).isNull();
        assertThat(headers.find("b", 1)).isEqualTo(2);
        assertThat(headers.find("b", 3)).isEqualTo(-1);
        assertThat(headers.find(VIA, 0)).isEqualTo(1);
        assertThat(headers.find(VIA, 2)).isEqualTo(-1);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(headers.isEmpty()).isTrue();
        assertThat(headers.get("a")).isNull();
        assertThat(headers.get(VIA)).isNull();
        assertThat(headers.contains(VIA)).isFalse();
        assertThat(headers.remove("a")).isFalse();
        assertThat(headers.remove(VIA)).isFalse();
        assertThat(headers.byteSize()).isZero();
        assertThat(written()).isEmpty();
    }

    @Test
    void findsANameByEitherKindOfKey() {
        headers.add("via", "1");
        headers.add(HeaderName.of("x-a"), "2");

        assertThat(headers.get(VIA)).isEqualTo("1");
        assertThat(headers.get("x-a")).isEqualTo("2");
        assertThat(headers.contains(VIA)).isTrue();
    }

    /** The hash is that of {@code String}: 'a' * 31 + 'p' is 'b' * 31 + 'Q', lower case 'c' * 31 + '2'. */
    @Test
    void tellsNamesOfEqualHashApart() {
        assertThat("ap".hashCode()).isEqualTo("c2".hashCode());
        headers.add("ap", "1");
        assertThat(headers.get("c2")).isNull();
        assertThat(headers.get(HeaderName.of("c2"))).isNull();

        headers.add("c2", "2");
        assertThat(headers.get("c2")).isEqualTo("2");
        assertThat(headers.get(HeaderName.of("c2"))).isEqualTo("2");
        assertThat(headers.get("c")).isNull();
        assertThat(headers.get("c2\u0100")).isNull();
    }

    @Test
    void replacesAllValuesOfANameByOneAtTheEnd() {
        headers.add("a", "1");
        headers.add(VIA, "2");
        headers.add("a", "3");
        headers.add("b", "4");

        headers.set("a", "5");
        assertThat(headers).hasToString("via: 2\nb: 4\na: 5\n");

        headers.set(VIA, 6);
        headers.set(HeaderName.of("b"), latin1("7"));
        headers.set(HeaderName.of("c"), "8");
        assertThat(headers).hasToString("a: 5\nvia: 6\nb: 7\nc: 8\n");
    }

    @Test
    void removesAllOfANameAndKeepsTheOthersInOrder() {
        for (String name : new String[] {"a", "a", "b", "a", "c", "a"}) {
            headers.add(name, name);
        }
        assertThat(headers.remove("a")).isTrue();
        assertThat(headers).hasToString("b: b\nc: c\n");

        headers.removeAt(1);
        assertThat(headers).hasToString("b: b\n");
        assertThat(headers.remove(HeaderName.of("b"))).isTrue();
        assertThat(headers.isEmpty()).isTrue();
    }

    @Test
    void writesNumbersInDecimal() {
        headers.add(VIA, 0);
        headers.add(VIA, 9);
        headers.add(VIA, 10);
        headers.add(VIA, Long.MAX_VALUE);

        assertThat(headers).hasToString("via: 0\nvia: 9\nvia: 10\nvia: 9223372036854775807\n");
        assertThatThrownBy(() -> headers.add(VIA, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countsTheBytesOfNamesAndValues() {
        headers.add("abc", "1234");
        headers.add("d", "");
        assertThat(headers.byteSize()).isEqualTo(8);

        headers.remove("abc");
        assertThat(headers.byteSize()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "\0", "a\u007f", "\u0001", "\u0100", "\u20ac", "\ud83d\ude00", "a\r\nx: y"})
    void refusesValuesThatCannotStandInAField(String value) {
        headers.add("a", "1");

        assertThatThrownBy(() -> headers.add("b", value)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> headers.add(VIA, value)).isInstanceOf(IllegalArgumentException.class);
        assertThat(headers).hasToString("a: 1\n");

        headers.add("c", "3");
        assertThat(headers).hasToString("a: 1\nc: 3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "a b", "a:", "a\r", "\0", "\u00e4", "a\u0100", "a(", "\u007f"})
    void refusesNamesThatAreNone(String name) {
        headers.add("a", "1");

        assertThatThrownBy(() -> headers.add(name, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HeaderName.of(name)).isInstanceOf(IllegalArgumentException.class);
        assertThat(headers).hasToString("a: 1\n");
    }

    @Test
    void keepsEveryByteThatMayStandInAValue() {
        StringBuilder value = new StringBuilder("\t");
        for (char c = ' '; c <= 0xff; c++) {
            if (c != 0x7f) {
                value.append(c);
            }
        }
        headers.add("a", value.toString());

        assertThat(headers.get("a")).isEqualTo(value.toString());
        assertThat(written()).isEqualTo("a: " + value + "\r\n");
    }

    @Test
    void comparesAValueIgnoringTheCaseOfLettersOnly() {
        headers.add(VIA, "Ab-[1@");
        assertThat(headers.valueEquals(VIA, "aB-[1@")).isTrue();
        assertThat(headers.valueEquals(VIA, "ab-{1@")).isFalse();
        assertThat(headers.valueEquals(VIA, "ab-[1`")).isFalse();
        assertThat(headers.valueEquals(VIA, "ab-[\u0011@")).isFalse();
        assertThat(headers.valueEquals(VIA, "ab-[1")).isFalse();
        assertThat(headers.valueEquals(HeaderName.HOST, "")).isFalse();
    }

    @Test
    void knowsWhetherANameBeginsSo() {
        headers.add("x-envoy-a", "1");
        assertThat(headers.anyNameStartsWith("x-envoy-")).isTrue();
        assertThat(headers.anyNameStartsWith("x-envoy-a")).isTrue();
        assertThat(headers.anyNameStartsWith("x-envoy-ab")).isFalse();
        assertThat(headers.anyNameStartsWith("envoy")).isFalse();
    }

    @Test
    void copiesIndependently() {
        headers.add("a", "1");
        headers.add("b", "2");
        Headers copy = headers.copy();
        copy.set("a", "3");
        headers.remove("b");
        headers.add("c", "4".repeat(1000));

        assertThat(copy).hasToString("b: 2\na: 3\n");
        assertThat(headers).hasToString("a: 1\nc: " + "4".repeat(1000) + "\n");
        assertThat(new Headers().copy().isEmpty()).isTrue();
    }

    @Test
    void addsBehindTheBytesOfACodec() {
        byte[] head = latin1("Host: h\r\n\r\n");
        Headers read = new Headers(head, head.length, 0);
        head[0] = 'h';
        read.entry("host".hashCode(), 0, 4, 6, 1);
        read.add("x", "y");

        assertThat(read).hasToString("host: h\nx: y\n");
        assertThat(read.get(HeaderName.HOST)).isEqualTo("h");
    }

    @Test
    void givesTheCachedStringAgainWhileItIsEqual() {
        StringCache cache = new StringCache();
        headers.add("a", "one");
        headers.add("a", "one");
        headers.add("a", "onf");
        headers.add("a", "on\u00e9");

        String first = cache.value(headers, 0);
        assertThat(cache.changed()).isTrue();
        assertThat(cache.value(headers, 1)).isSameAs(first).isEqualTo("one");
        assertThat(cache.changed()).isFalse();
        assertThat(cache.value(headers, 2)).isEqualTo("onf");
        assertThat(cache.changed()).isTrue();
        assertThat(cache.value(headers, 3)).isEqualTo("on\u00e9");
        assertThat(cache.value(headers, 3)).isEqualTo("on\u00e9");
        assertThat(cache.changed()).isFalse();
    }
}
