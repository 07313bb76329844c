package dev.starling.config.proto.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.starling.config.Problem;
import dev.starling.config.proto.FieldPath;
import dev.starling.config.proto.Problems;
import dev.starling.config.proto.source.SourceMap;
import io.envoyproxy.envoy.config.bootstrap.v3.Admin;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.access_loggers.stream.v3.StdoutAccessLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesValidatorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int32",
                "int64",
                "sint32",
                "sint64",
                "sfixed32",
                "sfixed64",
                "uint32",
                "uint64",
                "fixed32",
                "fixed64",
                "float",
                "double"
            })
    void boundsNumbersOfEveryKind(String kind) {
        var between = RuledType.field(kind, kind + " { gte: 10 lt: 20 }");
        assertThat(between.violations("f: 10")).isEmpty();
        assertThat(between.violations("f: 19")).isEmpty();
        assertThat(between.violations("f: 9")).containsExactly("f: must be at least 10");
        assertThat(between.violations("f: 20")).containsExactly("f: must be less than 20");
        assertThat(between.violations("")).containsExactly("f: must be at least 10");

        var outside = RuledType.field(kind, kind + " { gt: 20 lte: 10 }");
        assertThat(outside.violations("f: 10")).isEmpty();
        assertThat(outside.violations("f: 21")).isEmpty();
        assertThat(outside.violations("f: 20")).containsExactly("f: must be at most 10 or greater than 20");

        assertThat(RuledType.field(kind, kind + " { const: 5 }").violations("f: 6"))
                .containsExactly("f: must be 5");
        assertThat(RuledType.field(kind, kind + " { in: [1, 2] }").violations("f: 3"))
                .containsExactly("f: must be one of [1, 2]");
        assertThat(RuledType.field(kind, kind + " { not_in: [1, 2] }").violations("f: 2"))
                .containsExactly("f: must not be one of [1, 2]");
        assertThat(RuledType.field(kind, kind + " { gte: 10 ignore_empty: true }")
                        .violations("f: 0"))
                .isEmpty();
    }

    @Test
    void comparesUnsignedNumbersWithoutASign() {
        assertThat(RuledType.field("uint32", "uint32 { lte: 5 }").violations("f: 4294967295"))
                .containsExactly("f: must be at most 5");
        assertThat(RuledType.field("uint64", "uint64 { gte: 18446744073709551615 }")
                        .violations("f: 18446744073709551614"))
                .containsExactly("f: must be at least 18446744073709551615");
    }

    @Test
    void takesNotANumberForOutOfEveryBound() {
        assertThat(RuledType.field("double", "double { lte: 5 }").violations("f: nan"))
                .containsExactly("f: must be at most 5");
        assertThat(RuledType.field("double", "double { gte: 5 }").violations("f: nan"))
                .containsExactly("f: must be at least 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "const: 'a' | a | b | must be `a`",
                "len: 2 | äö | a | must have exactly 2 characters",
                "min_len: 1 | a | `` | must not be empty",
                "min_len: 2 | äö | ä | must have at least 2 characters",
                "max_len: 2 | äö | äöü | must have at most 2 characters",
                "len_bytes: 2 | ä | a | must have exactly 2 bytes",
                "min_bytes: 2 | ä | a | must have at least 2 bytes",
                "max_bytes: 2 | ä | äö | must have at most 2 bytes",
                "pattern: '^a+$' | aa | ab | must match the pattern ^a+$",
                "pattern: 'b' | abc | ac | must match the pattern b",
                "prefix: 'a' | ab | ba | must start with `a`",
                "suffix: 'a' | ba | ab | must end with `a`",
                "contains: 'b' | abc | ac | must contain `b`",
                "not_contains: 'b' | ac | abc | must not contain `b`",
                "in: ['a', 'b'] | a | c | must be one of [a, b]",
                "not_in: ['a', 'b'] | c | a | must not be one of [a, b]",
                "min_len: 5 ignore_empty: true | `` | a | must have at least 5 characters",
                "email: true | a.b@example.com | a@b@ | must be an e-mail address",
                "hostname: true | a-1.example.com | -a.com | must be a host name",
                "hostname: true | localhost | a..b | must be a host name",
                "ip: true | 127.0.0.1 | 127.1 | must be an IP address",
                "ip: true | ::1 | [::1] | must be an IP address",
                "ipv4: true | 10.0.0.255 | 10.0.0.256 | must be an IPv4 address",
                "ipv6: true | 2001:db8::1 | 10.0.0.1 | must be an IPv6 address",
                "ipv6: true | ::ffff:1.2.3.4 | fe80::1%eth0 | must be an IPv6 address",
                "address: true | example.com | a_b | must be a host name or an IP address",
                "address: true | ::1 | `` | must be a host name or an IP address",
                "uri: true | http://a/b?c | /a | must be an absolute URI",
                "uri_ref: true | /a?b | a b | must be a URI or a relative reference",
                "uuid: true | 6ba7b810-9dad-11d1-80b4-00c04fd430c8 | 6ba7b810 | must be a UUID",
                "well_known_regex: HTTP_HEADER_NAME | :path | a b | must be the name of an HTTP header",
                "well_known_regex: HTTP_HEADER_NAME | x-a | `` | must be the name of an HTTP header",
                "well_known_regex: HTTP_HEADER_NAME strict: false | `` | a\\nb | must be the name of an HTTP header",
                "well_known_regex: HTTP_HEADER_VALUE | a\\tb | a\\001b | must be fit for the value of an HTTP header",
                "well_known_regex: HTTP_HEADER_VALUE strict: false | a\\001b | a\\rb | must be fit for the value of an HTTP"
                        + " header",
            })
    void checksStrings(String rule, String good, String bad, String violation) {
        var type = RuledType.field("string", "string { " + rule + " }");

        assertThat(type.violations("f: \"" + good + "\"")).isEmpty();
        assertThat(type.violations("f: \"" + bad + "\"")).containsExactly("f: " + violation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "const: 'a' | a | b | must be the bytes the type prescribes",
                "len: 2 | ab | a | must have exactly 2 bytes",
                "min_len: 2 | ab | a | must have at least 2 bytes",
                "max_len: 2 | ab | abc | must have at most 2 bytes",
                "pattern: '^\\\\xff$' | \\377 | \\376 | must match the pattern ^\\xff$",
                "prefix: 'a' | ab | ba | must start with the bytes the type prescribes",
                "suffix: 'a' | ba | ab | must end with the bytes the type prescribes",
                "contains: 'bc' | abcd | acbd | must contain the bytes the type prescribes",
                "in: ['a', 'b'] | a | c | must be one of the values the type prescribes",
                "not_in: ['a', 'b'] | c | a | must not be one of the values the type forbids",
                "ip: true | abcd | abc | must be an IP address of 4 or 16 bytes",
                "ipv4: true | abcd | abcdabcdabcdabcd | must be an IPv4 address of 4 bytes",
                "ipv6: true | abcdabcdabcdabcd | abcd | must be an IPv6 address of 16 bytes",
                "min_len: 2 ignore_empty: true | `` | a | must have at least 2 bytes",
            })
    void checksBytes(String rule, String good, String bad, String violation) {
        var type = RuledType.field("bytes", "bytes { " + rule + " }");

        assertThat(type.violations("f: \"" + good + "\"")).isEmpty();
        assertThat(type.violations("f: \"" + bad + "\"")).containsExactly("f: " + violation);
    }

    @Test
    void checksBooleans() {
        var type = RuledType.field("bool", "bool { const: true }");

        assertThat(type.violations("f: true")).isEmpty();
        assertThat(type.violations("")).containsExactly("f: must be true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "const: 2 | 2 | 0 | must be TWO",
                "in: [2] | 2 | 0 | must be one of [TWO]",
                "not_in: [0, 5] | 2 | 0 | must not be one of [ZERO, 5]",
            })
    void checksEnums(String rule, String good, String bad, String violation) {
        var type = RuledType.field(".T.E", "enum { " + rule + " }");

        assertThat(type.violations("f: " + good)).isEmpty();
        assertThat(type.violations("f: " + bad)).containsExactly("f: " + violation);
    }

    @Test
    void refusesEnumNumbersWithoutAName() {
        assertThat(violations(Cluster.newBuilder().setName("a").setTypeValue(77).build()))
                .containsExactly("type: 77 is not a value of enum envoy.config.cluster.v3.Cluster.DiscoveryType");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "const { seconds: 5 } | seconds: 5 | seconds: 6 | must be 5s",
                "lt { seconds: 5 } | seconds: 4 nanos: 999999999 | seconds: 5 | must be less than 5s",
                "lte { seconds: 5 } | seconds: 5 | seconds: 5 nanos: 1 | must be at most 5s",
                "gt {} | nanos: 1 | seconds: 0 | must be greater than 0s",
                "gte { nanos: 1000000 } | nanos: 1000000 | nanos: 999999 | must be at least 0.001s",
                "in [{ seconds: 1 }, { seconds: 2 }] | seconds: 2 | seconds: 3 | must be one of [1s, 2s]",
                "not_in [{ seconds: 1 }] | seconds: 2 | seconds: 1 | must not be one of [1s]",
                "gte {} | seconds: 1 | seconds: -1 | must not be negative",
                "gte {} | nanos: 1 | nanos: -1 | must not be negative",
                "gte {} | seconds: 9223372035 | seconds: 9223372036 | is too long",
                "gte {} | nanos: 999999999 | nanos: 1000000000 | nanos must be at most 999999999",
            })
    void checksDurations(String rule, String good, String bad, String violation) {
        var type = RuledType.field(".google.protobuf.Duration", "duration { " + rule + " }");

        assertThat(type.violations("f { " + good + " }")).isEmpty();
        assertThat(type.violations("f { " + bad + " }")).containsExactly("f: " + violation);
        assertThat(type.violations("")).isEmpty();
    }

    @Test
    void checksDurationsWithoutAnAnnotationToo() {
        assertThat(RuledType.field(".google.protobuf.Duration", "").violations("f { seconds: -1 }"))
                .containsExactly("f: must not be negative");
    }

    @Test
    void checksTimes() {
        var type = RuledType.field(
                ".google.protobuf.Timestamp", "timestamp { required: true gt { seconds: 5 } lt { seconds: 10 } }");

        assertThat(type.violations("f { seconds: 6 }")).isEmpty();
        assertThat(type.violations("f { seconds: 5 }")).containsExactly("f: must be greater than 1970-01-01T00:00:05Z");
        assertThat(type.violations("f { seconds: 10 }")).containsExactly("f: must be less than 1970-01-01T00:00:10Z");
        assertThat(type.violations("")).containsExactly("f: is required");
    }

    @ParameterizedTest
    @CsvSource({
        ".google.protobuf.Duration, duration",
        ".google.protobuf.Timestamp, timestamp",
        ".google.protobuf.Any, any",
        ".T.Inner, message"
    })
    void asksForRequiredMessages(String fieldType, String rules) {
        var type = RuledType.field(fieldType, rules + " { required: true }");

        assertThat(type.violations("")).containsExactly("f: is required");
    }

    @Test
    void checksWhatIsInWrappersOnlyIfTheyAreThere() {
        var type = RuledType.field(".google.protobuf.UInt32Value", "uint32 { gte: 1 }");

        assertThat(type.violations("")).isEmpty();
        assertThat(type.violations("f {}")).containsExactly("f: must be at least 1");
        assertThat(RuledType.field(".google.protobuf.StringValue", "string { min_len: 1 }")
                        .violations("f {}"))
                .containsExactly("f: must not be empty");
        assertThat(RuledType.field(".google.protobuf.UInt32Value", "uint32 { gte: 1 } message { required: true }")
                        .violations(""))
                .containsExactly("f: is required");
    }

    @Test
    void checksTheTypeOfAnAny() {
        String anyOf = "f { [type.googleapis.com/google.protobuf.Duration] { seconds: 1 } }";

        assertThat(RuledType.field(".google.protobuf.Any", "any { in: ['type.googleapis.com/a.B'] }")
                        .violations(anyOf))
                .containsExactly("f: must be of one of the types [type.googleapis.com/a.B]");
        assertThat(RuledType.field(
                                ".google.protobuf.Any",
                                "any { not_in: ['type.googleapis.com/google.protobuf.Duration'] }")
                        .violations(anyOf))
                .containsExactly("f: must not be of type google.protobuf.Duration");
    }

    @Test
    void entersMessagesUnlessToldToSkipThem() {
        assertThat(RuledType.field(".T.Inner", "").violations("f {}")).containsExactly("f.s: must not be empty");
        assertThat(RuledType.field(".T.Inner", "message { skip: true }").violations("f {}"))
                .isEmpty();
        assertThat(RuledType.repeated(".T.Inner", "").violations("f { s: 'a' } f {}"))
                .containsExactly("f[1].s: must not be empty");
        assertThat(RuledType.repeated(".T.Inner", "repeated { items { message { skip: true } } }")
                        .violations("f {}"))
                .isEmpty();
    }

    @Test
    void checksLists() {
        var type = RuledType.repeated(
                "string", "repeated { min_items: 1 max_items: 2 unique: true items { string { min_len: 1 } } }");

        assertThat(type.violations("f: 'a' f: 'b'")).isEmpty();
        assertThat(type.violations("")).containsExactly("f: needs at least 1 entry");
        assertThat(type.violations("f: 'a' f: 'b' f: 'c'")).containsExactly("f: takes at most 2 entries");
        assertThat(type.violations("f: 'a' f: 'a'")).containsExactly("f: has the same entry twice");
        assertThat(type.violations("f: 'a' f: ''")).containsExactly("f[1]: must not be empty");
        assertThat(RuledType.repeated("string", "repeated { min_items: 2 ignore_empty: true }")
                        .violations(""))
                .isEmpty();
    }

    @Test
    void checksMaps() {
        var type = RuledType.map(".T.Inner", "map { min_pairs: 1 max_pairs: 2 keys { string { max_len: 1 } } }");

        assertThat(type.violations("f { key: 'a' value { s: 'x' } }")).isEmpty();
        assertThat(type.violations("")).containsExactly("f: needs at least 1 entry");
        assertThat(type.violations("f { key: 'a' value {} }")).containsExactly("f[\"a\"].s: must not be empty");
        assertThat(type.violations("f { key: 'ab' value { s: 'x' } }"))
                .containsExactly("f[\"ab\"]: the key must have at most 1 characters");
        assertThat(RuledType.map("string", "map { values { string { min_len: 1 } } }")
                        .violations("f { key: 'a' value: '' }"))
                .containsExactly("f[\"a\"]: must not be empty");
        assertThat(RuledType.map("string", "map { min_pairs: 1 ignore_empty: true }")
                        .violations(""))
                .isEmpty();
    }

    @Test
    void asksForOneOfARequiredOneof() {
        var type = RuledType.field("string", "string { min_len: 1 }").inRequiredOneof();

        assertThat(type.violations("")).containsExactly("`f` is required");
        assertThat(type.violations("f: ''")).containsExactly("f: must not be empty");
        assertThat(type.violations("f: 'a'")).isEmpty();
    }

    @Test
    void requiresNoMemberOfAOneofThatWasNotChosen() {
        assertThat(violations(StdoutAccessLog.getDefaultInstance())).isEmpty();
    }

    @Test
    void leavesOutTypesThatSaySo() {
        assertThat(RuledType.field("string", "string { min_len: 1 }").disabled().violations(""))
                .isEmpty();
        assertThat(RuledType.field("string", "string { min_len: 1 }").ignored().violations(""))
                .isEmpty();
    }

    @Test
    void entersWhatAnAnyHolds() {
        var any = Any.pack(TypedExtensionConfig.newBuilder()
                .setTypedConfig(Any.pack(Admin.newBuilder()
                        .setAddress(Address.getDefaultInstance())
                        .build()))
                .build());

        assertThat(violations(TypedExtensionConfig.newBuilder()
                        .setName("a")
                        .setTypedConfig(any)
                        .build()))
                .containsExactly(
                        "typed_config.name: must not be empty",
                        "typed_config.typed_config.address: one of `socket_address`, `pipe`, `envoy_internal_address` is"
                                + " required");
    }

    @Test
    void givesUpOnEndlessNesting() {
        var nested = Any.pack(Cluster.getDefaultInstance());
        for (int i = 0; i < 5_000; i++) {
            nested = Any.pack(TypedExtensionConfig.newBuilder()
                    .setName("a")
                    .setTypedConfig(nested)
                    .build());
        }

        assertThat(violations(TypedExtensionConfig.newBuilder()
                        .setName("a")
                        .setTypedConfig(nested)
                        .build()))
                .singleElement()
                .asString()
                .endsWith("nested deeper than 200");
    }

    private static List<String> violations(Message message) {
        var problems = new Problems(SourceMap.NONE);
        new RulesValidator().validate(message, FieldPath.ROOT, problems);
        return problems.errors().stream().map(Problem::toString).toList();
    }
}
