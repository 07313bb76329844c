package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.accesslog.JsonTemplate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Objects are those that Envoy 1.40 logged for such exchanges. */
class JsonFormatterTest {

    private final StreamInfo info = Examples.answered();

    @Test
    void sortsKeysAndKeepsTypes() throws InvalidConfigException {
        assertThat(json(
                        Map.of(
                                "z",
                                "%RESPONSE_CODE%",
                                "a",
                                "%PROTOCOL%",
                                "m",
                                "x %RESPONSE_CODE% y",
                                "Upper",
                                1,
                                "é",
                                2,
                                "z\"key",
                                true,
                                "port",
                                "%DOWNSTREAM_LOCAL_PORT%",
                                "start",
                                "%START_TIME(%s)%",
                                "flags",
                                "%RESPONSE_FLAGS%"),
                        false))
                .isEqualTo("{\"Upper\":1,\"a\":\"HTTP/1.1\",\"flags\":\"-\",\"m\":\"x 200 y\",\"port\":57437,"
                        + "\"start\":\"1795248323\",\"z\":200,\"z\\\"key\":true,\"é\":2}\n");
    }

    @Test
    void showsWhatIsMissingAsNull() throws InvalidConfigException {
        assertThat(json(missing(), false))
                .isEqualTo("{\"e\":\"\",\"env\":\"-\",\"l\":[],\"l2\":[null],\"l3\":[[null],{\"a\":null}],\"lrb\":\"\","
                        + "\"nul\":null,\"o\":{},\"o2\":{\"x\":{\"y\":null}},\"o3\":{\"k\":\"v\",\"x\":null},"
                        + "\"qp\":null,\"t\":\"--\",\"t2\":\"-x\"}\n");
    }

    @Test
    void leavesOutWhatIsMissingWhereEmptyValuesAreOmitted() throws InvalidConfigException {
        assertThat(json(missing(), true))
                .isEqualTo("{\"e\":\"\",\"env\":\"-\",\"l\":[],\"l2\":[],\"l3\":[[]],\"lrb\":\"\",\"o3\":{\"k\":\"v\"},"
                        + "\"t\":\"\",\"t2\":\"x\"}\n");
        assertThat(json(Map.of("a", "%REQ(no)%"), true)).isEqualTo("{}\n");
    }

    private static Map<String, Object> missing() {
        return Map.ofEntries(
                Map.entry("e", ""),
                Map.entry("nul", JsonTemplate.Null.NULL),
                Map.entry("l", List.of()),
                Map.entry("l2", List.of("%REQ(no)%")),
                Map.entry("l3", List.of(List.of("%REQ(no)%"), Map.of("a", "%REQ(no)%"))),
                Map.entry("o", Map.of()),
                Map.entry("o2", Map.of("x", Map.of("y", "%REQ(no)%"))),
                Map.entry("o3", Map.of("x", JsonTemplate.Null.NULL, "k", "v")),
                Map.entry("t", "%REQ(no)%%REQ(no)%"),
                Map.entry("t2", "%REQ(no)%x"),
                Map.entry("env", "%ENVIRONMENT(NOPE)%"),
                Map.entry("lrb", "%LOCAL_REPLY_BODY%"),
                Map.entry("qp", "%QUERY_PARAM(zz)%"));
    }

    @Test
    void escapesWhatJsonMust() throws InvalidConfigException {
        assertThat(json(Map.of("thing", "%RESP(X-THING)%", "ctrl", "a\u0001b\u007fc/é\t"), false))
                .isEqualTo("{\"ctrl\":\"a\\u0001b\u007fc/é\\t\",\"thing\":\"T\\\"hi\\\\ng\"}\n");
    }

    @Test
    void passesUtf8AndEscapesOtherBytesOneByOne() throws InvalidConfigException {
        Map<String, Object> template = Map.of("a", "%REQ(X-A)%");
        byte[] valid = "café ok €𝄞".getBytes(StandardCharsets.UTF_8);
        byte[] invalid = {'c', (byte) 0xc3, (byte) 0xa9, ' ', (byte) 0xff, (byte) 0xfe, 'z'};

        assertThat(json(template, false, Map.of("x-a", latin1(valid)))).isEqualTo("{\"a\":\"café ok €𝄞\"}\n");
        assertThat(json(template, false, Map.of("x-a", latin1(invalid))))
                .isEqualTo("{\"a\":\"c\\u00c3\\u00a9 \\u00ff\\u00fez\"}\n");
    }

    @Test
    void knowsMalformedUtf8() {
        for (String malformed :
                List.of("80", "c0af", "c1bf", "e08080", "eda080", "f0808080", "f4908080", "f5", "e282", "c3")) {
            StringBuilder bytes = new StringBuilder();
            for (int i = 0; i < malformed.length(); i += 2) {
                bytes.append((char) Integer.parseInt(malformed, i, i + 2, 16));
            }
            assertThat(Utf8Chars.isWellFormed(bytes, 0)).as(malformed).isFalse();
        }
        for (String text : List.of("", "a", "é", "߿", "ࠀ", "퟿", "￿", "𐀀", "􏿿")) {
            assertThat(Utf8Chars.isWellFormed(Utf8Chars.of(text), 0)).as(text).isTrue();
        }
    }

    private String json(Map<String, Object> template, boolean omit) throws InvalidConfigException {
        return json(template, omit, Map.of());
    }

    private String json(Map<String, Object> template, boolean omit, Map<String, String> request)
            throws InvalidConfigException {
        StringBuilder out = new StringBuilder();
        Examples.FORMATS
                .entry(new AccessLog.Format.Json((JsonTemplate.Fields) template(template), omit))
                .format(info, request::get, Examples.responseHeaders()::get, out);
        return new String(out.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static JsonTemplate template(Object value) throws InvalidConfigException {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, JsonTemplate> fields = new HashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    fields.put((String) entry.getKey(), template(entry.getValue()));
                }
                yield JsonTemplate.Fields.of(fields);
            }
            case List<?> list -> {
                List<JsonTemplate> elements = new ArrayList<>();
                for (Object element : list) {
                    elements.add(template(element));
                }
                yield new JsonTemplate.Elements(elements);
            }
            case String text -> new JsonTemplate.Value(FormatString.parse(text));
            case Integer number -> new JsonTemplate.Numeral(number);
            case Boolean bool -> new JsonTemplate.Bool(bool);
            default -> (JsonTemplate) value;
        };
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
