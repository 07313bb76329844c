package dev.starling.config.proto.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.starling.config.InvalidConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoconSourceTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("PORT", "8080", "HOST", "example.com");

    @Test
    void readsWhatIsWrittenInTheOrderOfLines() throws Exception {
        var tree = parse("""
                b = 5s
                a { x.y = [1, "2", true, null] }
                "@type" = t
                """);

        assertThat(TreeText.of(tree)).isEqualTo("{b: '5s', a: {x: {y: [1, '2', true, null]}}, @type: 't'}");
    }

    @Test
    void substitutesFromTheTextAndThenFromTheEnvironment() throws Exception {
        var tree = parse("""
                a = ${HOST}":"${PORT}
                b = 1
                b = ${?MISSING}
                c = ${b}
                HOST = local
                """);

        assertThat(TreeText.of(tree)).isEqualTo("{a: 'local:8080', b: 1, c: 1, HOST: 'local'}");
    }

    @Test
    void placesWhatTheEnvironmentGaveWhereItsObjectIs() throws Exception {
        var tree = parse("a {\n x = 1\n}\nb {\n y = ${PORT}\n}\n");

        assertThat(SourceMap.of(List.of(tree)).locate("a.x")).hasToString("Optional[a.conf:2]");
        assertThat(SourceMap.of(List.of(tree)).locate("b.y")).hasToString("Optional[a.conf:4]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"include \"x\"", "include file(\"x\")", "include url(\"file:///etc/hostname\")"})
    void refusesIncludes(String text) {
        assertThat(refusal("a = 1\n" + text))
                .hasMessageContaining("include of `")
                .hasMessageContaining("not supported");
    }

    @Test
    void refusesWhatIsNotHoconWithItsLine() {
        assertThat(refusal("a = 1\nb = ${MISSING}\n"))
                .hasMessage("a.conf:2: not HOCON: Could not resolve substitution to a value: ${MISSING}");
        assertThat(refusal("a = 1\nb = {")).hasMessageStartingWith("a.conf:2: not HOCON: ");
    }

    @Test
    void boundsNesting() {
        assertThat(refusal("a = " + "[".repeat(100_000))).hasMessage("a.conf:1: nested deeper than 100");
        assertThat(refusal("a = " + "[".repeat(150) + "]".repeat(150))).hasMessage("a.conf:1: nested deeper than 100");
    }

    @Test
    void countsNoBracketsInStrings() throws Exception {
        assertThat(TreeText.of(parse("a = \"" + "[".repeat(1000) + "\\\"\""))).endsWith("[\"'}");
    }

    private static SourceNode parse(String text) throws InvalidConfigException {
        return HoconSource.parse("a.conf", text, ENVIRONMENT);
    }

    private static InvalidConfigException refusal(String text) {
        return catchThrowableOfType(InvalidConfigException.class, () -> parse(text));
    }
}
