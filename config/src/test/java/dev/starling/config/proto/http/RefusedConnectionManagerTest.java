package dev.starling.config.proto.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a connection manager is refused for. Verdicts are those of Envoy 1.40 in {@code --mode validate}, and so are the
 * texts after the path, but where a line says otherwise.
 */
class RefusedConnectionManagerTest {

    private static final String LOG =
            "{'@type': type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /dev/null}";
    private static final String STDOUT =
            "'@type': type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog";
    private static final String ALS =
            "'@type': type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig";
    private static final String COMPARED = "comparison: {value: {default_value: 400, runtime_key: k}}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
# Envoy's own checks, in Envoy's words
upgrade_configs: [{upgrade_type: websocket}, {upgrade_type: WebSocket}] | upgrade_configs[1].upgrade_type: Error: multiple upgrade configs with the same name: 'WebSocket'
{strip_matching_host_port: true, strip_any_host_port: true} | strip_any_host_port: Error: Only one of `strip_matching_host_port` or `strip_any_host_port` can be set.
common_http_protocol_options: {max_response_headers_kb: 80} | common_http_protocol_options.max_response_headers_kb: Error: max_response_headers_kb cannot be set on http_connection_manager.
local_reply_config: {body_format: {text_format: '%FOO%'}} | local_reply_config.body_format.text_format: Not supported field in StreamInfo: FOO
local_reply_config: {mappers: [{filter: {not_health_check_filter: {}}, headers_to_add: [{header: {key: ':status'}}]}]} | local_reply_config.mappers[0].headers_to_add[0].header.key: :-prefixed or host headers may not be modified
# Envoy says: Invalid path
local_reply_config: {mappers: [{filter: {not_health_check_filter: {}}, body: {filename: /nonexistent}}]} | local_reply_config.mappers[0].body.filename: file /nonexistent does not exist
# Envoy says: invalid ip/mask combo 'x/8'
internal_address_config: {cidr_ranges: [{address_prefix: x, prefix_len: 8}]} | internal_address_config.cidr_ranges[0].address_prefix: malformed IP address: x
""")
    void refusesOptions(String yaml, String complaint) throws Exception {
        assertThat(read(yaml, "")).containsExactly(complaint);
    }

    // Rules annotated in the protos and durations: refused in the words of those who read and check messages.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
stat_prefix: '' | stat_prefix
max_request_headers_kb: 0 | max_request_headers_kb
common_http_protocol_options: {max_headers_count: 0} | common_http_protocol_options.max_headers_count
server_header_transformation: 9 | server_header_transformation
local_reply_config: {mappers: [{}]} | local_reply_config.mappers[0].filter
local_reply_config: {mappers: [{filter: {}}]} | local_reply_config.mappers[0].filter
stream_idle_timeout: -1s | stream_idle_timeout
request_timeout: -1s | request_timeout
drain_timeout: -1s | drain_timeout
delayed_close_timeout: -1s | delayed_close_timeout
common_http_protocol_options: {idle_timeout: -1s} | common_http_protocol_options.idle_timeout
common_http_protocol_options: {max_connection_duration: -1s} | common_http_protocol_options.max_connection_duration
common_http_protocol_options: {max_stream_duration: -1s} | common_http_protocol_options.max_stream_duration
access_log: [{filter: {and_filter: {filters: [{not_health_check_filter: {}}]}}, typed_config: {STDOUT}}] | access_log[0].filter.and_filter.filters
access_log: [{filter: {response_flag_filter: {flags: [XX]}}, typed_config: {STDOUT}}] | access_log[0].filter.response_flag_filter.flags[0]
access_log: [{typed_config: {'@type': type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog}}] | access_log[0].typed_config.path
access_log: [{typed_config: {STDOUT, log_format: {}}}] | access_log[0].typed_config.log_format
# not here yet
access_log: [{filter: {traceable_filter: {}}, typed_config: {STDOUT}}] | access_log[0].filter.traceable_filter
# Envoy 1.40 has relaxed this rule of its API 1.34
access_log: [{filter: {status_code_filter: {comparison: {value: {default_value: 400}}}}, typed_config: {STDOUT}}] | access_log[0].filter.status_code_filter.comparison.value.runtime_key
""")
    void refusesWhatBreaksARuleAtItsPlace(String yaml, String path) throws Exception {
        assertThat(read(yaml.replace("STDOUT", STDOUT).replace("ALS", ALS), ""))
                .singleElement()
                .asString()
                .startsWith(path + ": ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
{name: a, typed_config: R}; {name: b, typed_config: R}   | http_filters[0]: Error: terminal filter named a of type envoy.filters.http.router must be the last filter in a http filter chain.
{name: a, typed_config: R}; {name: h, typed_config: H}   | http_filters[0]: Error: terminal filter named a of type envoy.filters.http.router must be the last filter in a http filter chain.; http_filters[1]: Error: non-terminal filter named h of type envoy.filters.http.health_check is the last filter in a http filter chain.
{name: h, typed_config: H}                               | http_filters[0]: Error: non-terminal filter named h of type envoy.filters.http.health_check is the last filter in a http filter chain.
{name: a, disabled: true, typed_config: R}               | http_filters[0].disabled: Error: the last (terminal) filter (a) in the chain cannot be disabled by default.
{name: x, typed_config: E}; {name: a, typed_config: R}   | http_filters[0]: Didn't find a registered implementation for 'x' with type URL: 'envoy.extensions.filters.network.echo.v3.Echo'
{name: x}; {name: a, typed_config: R}                    | http_filters[0]: Didn't find a registered implementation for 'x' with type URL: ''
{name: h, typed_config: {'@type': T, pass_through_mode: false, cache_time: 1s}}; {name: a, typed_config: R} | http_filters[0].typed_config.cache_time: cache_time_ms must not be set when path_through_mode is disabled
{name: h, typed_config: {'@type': T}}; {name: a, typed_config: R} | http_filters[0].typed_config.pass_through_mode: is required
""")
    void refusesFilterChains(String filters, String complaints) throws Exception {
        String chain = "["
                + filters.replace(";", ",")
                        .replace(
                                ": R}",
                                ": {'@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}")
                        .replace(
                                ": E}",
                                ": {'@type': type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}}")
                        .replace(": H}", ": {'@type': T, pass_through_mode: true}}")
                        .replace(
                                "'@type': T",
                                "'@type': type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck")
                + "]";
        assertThat(Translated.connectionManager("{stat_prefix: s, route_config: {}, http_filters: " + chain + "}")
                        .complaints())
                .containsExactly(complaints.split("; "));
    }

    @Test
    void refusesAnEmptyFilterChainWhichEnvoyLetsRequestsHangIn() throws Exception {
        assertThat(Translated.connectionManager("{stat_prefix: s, route_config: {}}")
                        .complaints())
                .containsExactly("http_filters: must end with a terminal filter such as envoy.filters.http.router");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
{name: g, typed_config: {'@type': type.googleapis.com/envoy.extensions.access_loggers.wasm.v3.WasmAccessLog}} | access_log[0]: Didn't find a registered implementation for 'g' with type URL: 'envoy.extensions.access_loggers.wasm.v3.WasmAccessLog'
{name: envoy.access_loggers.file}            | access_log[0]: Didn't find a registered implementation for 'envoy.access_loggers.file' with type URL: ''
{typed_config: {STDOUT, log_format: {text_format: '50%'}}} | access_log[0].typed_config.log_format.text_format: Incorrect configuration: 50%. Couldn't find valid command at position 2
{typed_config: {STDOUT, log_format: {text_format_source: {inline_string: '%REQ%'}}}} | access_log[0].typed_config.log_format.text_format_source: REQ requires parameters
{typed_config: {STDOUT, log_format: {text_format_source: {environment_variable: STARLING_NOT_SET}}}} | access_log[0].typed_config.log_format.text_format_source.environment_variable: Environment variable doesn't exist: STARLING_NOT_SET
{typed_config: {STDOUT, log_format: {json_format: {a: {b: ['%FOO%']}}}}} | access_log[0].typed_config.log_format.json_format["a"]["b"][0]: Not supported field in StreamInfo: FOO
{typed_config: {ALS, common_config: {grpc_service: {envoy_grpc: {cluster_name: c}}}}} | access_log[0].typed_config.common_config.log_name: must not be empty
{typed_config: {ALS, common_config: {log_name: log}}} | access_log[0].typed_config.common_config.grpc_service: is required
{typed_config: {ALS, common_config: {log_name: log, grpc_service: {envoy_grpc: {cluster_name: c}}, buffer_flush_interval: 0s}}} | access_log[0].typed_config.common_config.buffer_flush_interval: must be greater than 0s
{typed_config: {ALS, common_config: {log_name: log, grpc_service: {envoy_grpc: {cluster_name: c}}, custom_tags: [{tag: t, request_header: {name: 'a b'}}]}}} | access_log[0].typed_config.common_config.custom_tags[0].request_header.name: must be a header name but has the character U+0020
{typed_config: {ALS, common_config: {log_name: log, grpc_service: {envoy_grpc: {cluster_name: c}}}, additional_request_headers_to_log: [a, 'b c']}} | access_log[0].typed_config.additional_request_headers_to_log[1]: must be a header name but has the character U+0020
{filter: {header_filter: {header: {name: a, string_match: {safe_regex: {regex: '['}}}}}, typed_config: LOG} | access_log[0].filter.header_filter.header.string_match.safe_regex.regex: missing closing ]: [
""")
    void refusesAccessLogs(String log, String complaint) throws Exception {
        String yaml = "access_log: ["
                + log.replace("STDOUT", STDOUT)
                        .replace("ALS", ALS)
                        .replace("COMPARED", COMPARED)
                        .replace(": LOG}", ": " + LOG + "}")
                + "]";
        assertThat(read(yaml, "")).containsExactly(complaint);
    }

    @Test
    void tellsAllProblemsAtOnce() throws Exception {
        assertThat(
                        read(
                                """
                codec_type: HTTP1
                strip_any_host_port: true
                strip_matching_host_port: true
                access_log: [{name: nothing}]
                local_reply_config: {body_format: {text_format: "%FOO%"}}
                """,
                                "virtual_hosts: [{name: v, domains: ['*'], routes: [{match: {prefix: /}, route: {cluster: nope}}]}]"))
                .containsExactlyInAnyOrder(
                        "strip_any_host_port: Error: Only one of `strip_matching_host_port` or `strip_any_host_port` can be"
                                + " set.",
                        "access_log[0]: Didn't find a registered implementation for 'nothing' with type URL: ''",
                        "local_reply_config.body_format.text_format: Not supported field in StreamInfo: FOO",
                        "route_config.virtual_hosts[0].routes[0].route.cluster: route: unknown cluster 'nope'");
    }

    private static List<String> read(String options, String routes) throws Exception {
        String base = "route_config: {" + routes + "}\nhttp_filters: [{name: r, typed_config: {'@type':"
                + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]\n";
        String prefix = options.startsWith("stat_prefix") ? "" : "stat_prefix: s\n";
        String text = options.startsWith("{")
                ? options.substring(1, options.length() - 1).replace(", ", "\n")
                : options;
        return Translated.connectionManager(prefix + base + text).complaints();
    }
}
