package dev.starling.config.proto.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceMapTest {

    private static final String FILE = """
            listeners:
            - name: a
              typedConfig:
                "@type": x
                value:
                  inner: 1
            metadata:
              "dotted.key[0]": 1
            single: {name: s}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "listeners[0].name | a.yaml:2:3",
                "listeners[0].typed_config.value.inner | a.yaml:6:7",
                // The content of a TypedStruct, whose path has no `value`.
                "listeners[0].typed_config.inner | a.yaml:6:7",
                "metadata[\"dotted.key[0]\"] | a.yaml:8:3",
                "metadata[\"other\"] | a.yaml:7:1",
                "single[0].name | a.yaml:9:10",
                "metadata[odd | a.yaml:7:1",
                // What is not there is placed at the nearest thing around it.
                "listeners[0].address.socket_address | a.yaml:2:3",
                "listeners[5] | a.yaml:1:1",
                "clusters[0].name | a.yaml:1:1",
            })
    void findsFieldsByTheirPaths(String path, String place) throws Exception {
        var map = SourceMap.of(List.of(YamlSource.parse("a.yaml", FILE)));

        assertThat(map.locate(path).orElseThrow()).hasToString(place);
    }

    @Test
    void countsListsOnIntoLaterTexts() throws Exception {
        var map = SourceMap.of(List.of(
                YamlSource.parse("a.yaml", "{x: 1, list: [1, 2]}"), YamlSource.parse("b.yaml", "{x: 2, list: [3]}")));

        assertThat(map.locate("list[1]")).hasToString("Optional[a.yaml:1:18]");
        assertThat(map.locate("list[2]")).hasToString("Optional[b.yaml:1:15]");
        assertThat(map.locate("x")).hasToString("Optional[b.yaml:1:2]");
    }

    @Test
    void knowsNoPlaceWithoutText() {
        assertThat(SourceMap.NONE.locate("a.b")).isEmpty();
    }
}
