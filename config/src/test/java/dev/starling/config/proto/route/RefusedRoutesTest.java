package dev.starling.config.proto.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.proto.http.Translated;
import dev.starling.config.route.RouteConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a route configuration is refused for. Verdicts are those of Envoy 1.40 in {@code --mode validate}, and so are the
 * texts after the path, but where a line says otherwise.
 */
class RefusedRoutesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
['a.com', 'a.com']; []                 | virtual_hosts[0].domains[1]: Only unique values for domains are permitted. Duplicate entry of domain a.com in route r
['a.com']; ['b.com', 'A.com']          | virtual_hosts[1].domains[1]: Only unique values for domains are permitted. Duplicate entry of domain a.com in route r
['*']; ['*']                           | virtual_hosts[1].domains[0]: Only a single wildcard domain is permitted in route r
['*', '*']; ['x']                      | virtual_hosts[0].domains[1]: Only a single wildcard domain is permitted in route r
['*.a.com']; ['*.A.com']               | virtual_hosts[1].domains[0]: Only unique values for domains are permitted. Duplicate entry of domain *.a.com in route r
['a.*']; ['a.*']                       | virtual_hosts[1].domains[0]: Only unique values for domains are permitted. Duplicate entry of domain a.* in route r
""")
    void refusesDomainsClaimedTwice(String domains, String complaint) throws Exception {
        String[] both = domains.split("; ", -1);
        String second = both[1].equals("[]") ? "['z']" : both[1];
        assertThat(complaints("{name: r, virtual_hosts: [{name: v, domains: " + both[0] + "}, {name: v, domains: "
                        + second + "}]}"))
                .containsExactly(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
# Envoy's own checks, in Envoy's words
{match: {prefix: /}, route: {cluster: nope}}           | .route.cluster: route: unknown cluster 'nope'
{match: {prefix: /}, route: {cluster: c, prefix_rewrite: /a, regex_rewrite: {pattern: {regex: /b}, substitution: c}}} | .route.regex_rewrite: Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy
{match: {prefix: /}, route: {cluster: c, upgrade_configs: [{upgrade_type: websocket}, {upgrade_type: WEBSOCKET}]}} | .route.upgrade_configs[1].upgrade_type: Duplicate upgrade WEBSOCKET
{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: nope, weight: 1}]}}} | .route.weighted_clusters.clusters[0].name: route: unknown weighted cluster 'nope'
{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: c, weight: 0}]}}} | .route.weighted_clusters: Sum of weights in the weighted_cluster must be greater than 0.
{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: c}]}}} | .route.weighted_clusters.clusters[0].weight: Field 'weight' is missing
{match: {prefix: /}, route: {weighted_clusters: {clusters: [{weight: 1}]}}} | .route.weighted_clusters.clusters[0]: At least one of name or cluster_header need to be specified
{match: {prefix: /}, route: {weighted_clusters: {clusters: [{name: c, weight: 4294967295}, {name: c, weight: 1}]}}} | .route.weighted_clusters: The sum of weights of all weighted clusters exceeds 4294967295
{match: {prefix: /}, request_headers_to_add: [{header: {key: ':path'}}], redirect: {}} | .request_headers_to_add[0].header.key: :-prefixed or host headers may not be modified
{match: {prefix: /}, response_headers_to_add: [{header: {key: Host}}], redirect: {}} | .response_headers_to_add[0].header.key: :-prefixed or host headers may not be modified
{match: {prefix: /}, request_headers_to_remove: [HOST], redirect: {}} | .request_headers_to_remove[0]: :-prefixed or host headers may not be removed
{match: {prefix: /}, response_headers_to_remove: [':status'], redirect: {}} | .response_headers_to_remove[0]: :-prefixed or host headers may not be removed
{match: {prefix: /}, request_headers_to_add: [{header: {key: a, value: 50%}}], redirect: {}} | .request_headers_to_add[0].header.value: Incorrect configuration: 50%. Couldn't find valid command at position 2
{match: {prefix: /}, request_headers_to_add: [{header: {key: a}, append: true, append_action: ADD_IF_ABSENT}], redirect: {}} | .request_headers_to_add[0]: Both append and append_action are set and it's not allowed
{match: {prefix: /, headers: [{name: a, string_match: {safe_regex: {regex: a}, ignore_case: true}}]}, redirect: {}} | .match.headers[0].string_match.ignore_case: ignore_case has no effect for safe_regex.
{match: {prefix: /}, direct_response: {status: 200, body: {filename: /nonexistent}}} | .direct_response.body.filename: file /nonexistent does not exist
{match: {prefix: /}, direct_response: {status: 200, body: {environment_variable: STARLING_NOT_SET}}} | .direct_response.body.environment_variable: Environment variable doesn't exist: STARLING_NOT_SET
# Envoy says: invalid perl operator: (?=
{match: {safe_regex: {regex: '/(?=a)'}}, redirect: {}} | .match.safe_regex.regex: invalid or unsupported Perl syntax: (?=
# Envoy says: missing ): /(
{match: {safe_regex: {regex: '/(a{1,1000}){1,1000}'}}, redirect: {}} | .match.safe_regex.regex: invalid repeat count: {1,1000}
{match: {safe_regex: {regex: '/('}}, redirect: {}}     | .match.safe_regex.regex: missing closing ): /(
{match: {prefix: /}, redirect: {regex_rewrite: {pattern: {regex: '/('}, substitution: a}}} | .redirect.regex_rewrite.pattern.regex: missing closing ): /(
{match: {prefix: /}, route: {cluster: c, host_rewrite_path_regex: {pattern: {regex: '/('}, substitution: a}}} | .route.host_rewrite_path_regex.pattern.regex: missing closing ): /(
{match: {prefix: /, query_parameters: [{name: a, string_match: {safe_regex: {regex: '('}}}]}, redirect: {}} | .match.query_parameters[0].string_match.safe_regex.regex: missing closing ): (
{match: {safe_regex: {regex: '/(a)\\1'}}, redirect: {}} | .match.safe_regex.regex: invalid escape sequence: \\1
# Envoy says: regex 'a{100}' RE2 program size of 104 > max program size of 10, and counts a little differently
{match: {safe_regex: {regex: 'a{100}', google_re2: {max_program_size: 10}}}, redirect: {}} | .match.safe_regex.regex: regex program size of 102 > max program size of 10
# Envoy accepts these, and then cannot do what they say
{match: {safe_regex: {regex: '(a{100}){1}(b{1000}){1}(c{1000}){1}(d{1000}){1}(e{1000}){1}(f{1000}){1}'}}, redirect: {}} | .match.safe_regex.regex: regex program size of 5114 > max program size of 5000
{match: {prefix: /}, request_headers_to_add: [{header: {key: a b}}], redirect: {}} | .request_headers_to_add[0].header.key: must be a header name but has the character U+0020
{match: {prefix: /}, route: {cluster_header: a b}}     | .route.cluster_header: must be a header name but has the character U+0020
{match: {prefix: /}, redirect: {port_redirect: 65536}} | .redirect.port_redirect: must be at most 65535
{match: {prefix: /}, direct_response: {status: 200, body: {filename: /tmp}}} | .direct_response.body.filename: cannot read file /tmp: Is a directory
# not here yet
{match: {prefix: /}, route: {weighted_clusters: {clusters: [{cluster_header: a, weight: 1}]}}} | .route.weighted_clusters.clusters[0].cluster_header: not supported yet: `cluster_header` of envoy.config.route.v3.WeightedCluster.ClusterWeight
""")
    void refusesRoutes(String route, String complaint) throws Exception {
        assertThat(complaints("virtual_hosts: [{name: v, domains: ['*'], routes: [" + route + "]}]"))
                .containsExactly("virtual_hosts[0].routes[0]" + complaint);
    }

    // Rules annotated in the protos and durations: refused in the words of those who read and check messages.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
{match: {prefix: /}} | ``
{redirect: {}} | .match
{match: {}, redirect: {}} | .match
{match: {safe_regex: {regex: ''}}, redirect: {}} | .match.safe_regex.regex
{match: {prefix: /}, route: {}} | .route
{match: {prefix: /}, route: {cluster: ''}} | .route.cluster
{match: {prefix: /}, direct_response: {status: 199}} | .direct_response.status
{match: {prefix: /}, direct_response: {}} | .direct_response.status
{match: {prefix: /, headers: [{name: a, prefix_match: ''}]}, redirect: {}} | .match.headers[0].prefix_match
{match: {prefix: /, runtime_fraction: {runtime_key: a}}, redirect: {}} | .match.runtime_fraction.default_value
{match: {prefix: /}, route: {cluster: c, timeout: -1s}} | .route.timeout
{match: {prefix: /}, route: {cluster: c, idle_timeout: -1s}} | .route.idle_timeout
{match: {prefix: /}, route: {cluster: c, max_stream_duration: {max_stream_duration: -1s}}} | .route.max_stream_duration.max_stream_duration
""")
    void refusesWhatBreaksARuleAtItsPlace(String route, String path) throws Exception {
        assertThat(complaints("virtual_hosts: [{name: v, domains: ['*'], routes: [" + route + "]}]"))
                .singleElement()
                .asString()
                .startsWith("virtual_hosts[0].routes[0]" + path + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a", "/a/", "/a?b", "/a#b"})
    void refusesPrefixesThatCannotEndAtASeparator(String prefix) throws Exception {
        assertThat(complaints("virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {path_separated_prefix: '"
                        + prefix + "'}, redirect: {}}]}]"))
                .singleElement()
                .asString()
                .startsWith("virtual_hosts[0].routes[0].match.path_separated_prefix: ");
    }

    @Test
    void refusesALongerBodyThanAllowedFromWherever(@TempDir Path folder) throws Exception {
        String longer = "x".repeat(4097);
        Path file = Files.writeString(folder.resolve("body"), longer);

        assertThat(complaints(body("inline_string: " + longer, "")))
                .containsExactly(BODY + "inline_string: response body size is 4097 bytes; maximum is 4096");
        assertThat(complaints(body("filename: '" + file + "'", "")))
                .containsExactly(BODY + "filename: file " + file + " size is 4097 bytes; maximum is 4096");
        assertThat(complaints(body("inline_bytes: eHh4", ", max_direct_response_body_size_bytes: 2")))
                .containsExactly(BODY + "inline_bytes: response body size is 3 bytes; maximum is 2");
        assertThat(complaints(body("inline_string: " + longer, ", max_direct_response_body_size_bytes: 0")))
                .isEmpty();
        assertThat(complaints(body("inline_string: " + "x".repeat(4096), ""))).isEmpty();
    }

    @Test
    void leavesUnknownClustersToThoseWhoWantIt() throws Exception {
        String routes =
                "virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: nope}}]}]";
        assertThat(complaints("{validate_clusters: false, " + routes + "}")).isEmpty();
        assertThat(read(routes, false).complaints()).isEmpty();
        assertThat(read("{validate_clusters: true, " + routes + "}", false).complaints())
                .hasSize(1);
    }

    private static final String BODY = "virtual_hosts[0].routes[0].direct_response.body.";

    private static String body(String source, String options) {
        return "{virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {"
                + source + "}}}]}]" + options + "}";
    }

    private static List<String> complaints(String yaml) throws Exception {
        return read(yaml, true).complaints();
    }

    private static Translated<RouteConfiguration> read(String yaml, boolean validateClusters) throws Exception {
        return Translated.of(
                io.envoyproxy.envoy.config.route.v3.RouteConfiguration.getDefaultInstance(),
                yaml,
                (message, context) -> RouteConfigurationReader.read(message, validateClusters, context));
    }
}
