package dev.starling.config.proto.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.starling.config.ByteCount;
import dev.starling.config.CidrRange;
import dev.starling.config.FractionalPercent;
import dev.starling.config.HeaderMutation;
import dev.starling.config.HeaderMutation.Append;
import dev.starling.config.RuntimeUint32;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.AccessLog.Destination.Lines;
import dev.starling.config.accesslog.AccessLogFilter;
import dev.starling.config.accesslog.AccessLogFilter.Comparison;
import dev.starling.config.accesslog.FormatString;
import dev.starling.config.accesslog.JsonTemplate;
import dev.starling.config.http.ClientAddress;
import dev.starling.config.http.Http1Options;
import dev.starling.config.http.Http1Options.HeaderCase;
import dev.starling.config.http.Http2Options;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.http.HttpConnectionManager.CodecType;
import dev.starling.config.http.HttpConnectionManager.ServerHeader;
import dev.starling.config.http.HttpFilterEntry;
import dev.starling.config.http.HttpLimits;
import dev.starling.config.http.HttpLimits.UnderscoreAction;
import dev.starling.config.http.HttpTimeouts;
import dev.starling.config.http.HttpUpgrade;
import dev.starling.config.http.LocalReplyConfig.BodyFormat;
import dev.starling.config.http.PathHandling;
import dev.starling.config.http.PathHandling.EscapedSlashes;
import dev.starling.config.http.PathHandling.StripPort;
import dev.starling.config.http.RequestId;
import dev.starling.config.http.RouterConfig;
import dev.starling.config.route.RouteConfiguration;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HttpConnectionManagerReaderTest {

    private static final String ROUTER = """
            http_filters:
            - name: r
              typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """;
    private static final String LEAST = """
            stat_prefix: s
            route_config: {}
            """ + ROUTER;

    @Test
    void hasEnvoysDefaults() throws Exception {
        var manager = read(LEAST);

        assertThat(manager.codecType()).isEqualTo(CodecType.AUTO);
        assertThat(manager.timeouts()).isEqualTo(HttpTimeouts.DEFAULT);
        assertThat(manager.http1()).isEqualTo(Http1Options.DEFAULT);
        assertThat(manager.http2()).isEqualTo(Http2Options.DEFAULT);
        assertThat(manager.limits()).isEqualTo(HttpLimits.DEFAULT);
        assertThat(manager.serverHeader()).isEqualTo(ServerHeader.OVERWRITE);
        assertThat(manager.serverName()).isEqualTo("envoy");
        assertThat(manager.clientAddress()).isEqualTo(ClientAddress.DEFAULT);
        assertThat(manager.requestId()).isEqualTo(RequestId.DEFAULT);
        assertThat(manager.path()).isEqualTo(PathHandling.DEFAULT);
        assertThat(manager.accessLogs()).isEmpty();
        assertThat(manager.upgrades()).isEmpty();
        assertThat(manager.localReply()).isEmpty();
        assertThat(manager.via()).isEmpty();
        assertThat(manager.proxy100Continue()).isFalse();
        assertThat(manager.streamErrorOnInvalidMessage()).isFalse();
        assertThat(manager.httpFilters()).singleElement().satisfies(filter -> {
            assertThat(filter.filter().name()).isEqualTo("r");
            assertThat(filter.filter().config()).isEqualTo(RouterConfig.DEFAULT);
            assertThat(filter.disabled()).isFalse();
        });
    }

    @Test
    void readsEveryOption() throws Exception {
        var manager = read("""
                stat_prefix: ingress
                codec_type: HTTP1
                route_config: {name: routes}
                server_name: starling
                server_header_transformation: APPEND_IF_ABSENT
                common_http_protocol_options:
                  idle_timeout: 10s
                  max_connection_duration: 20s
                  max_stream_duration: 30s
                  max_headers_count: 50
                  headers_with_underscores_action: DROP_HEADER
                  max_requests_per_connection: 7
                http_protocol_options:
                  allow_absolute_url: false
                  accept_http_10: true
                  default_host_for_http_10: h
                  enable_trailers: true
                  allow_chunked_length: true
                  header_key_format: {proper_case_words: {}}
                max_request_headers_kb: 90
                stream_idle_timeout: 0s
                request_timeout: 1.5s
                request_headers_timeout: 2s
                drain_timeout: 3s
                delayed_close_timeout: 0s
                use_remote_address: true
                xff_num_trusted_hops: 2
                skip_xff_append: true
                internal_address_config: {cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]}
                via: v
                generate_request_id: false
                preserve_external_request_id: true
                always_set_request_id_in_response: true
                proxy_100_continue: true
                stream_error_on_invalid_http_message: true
                upgrade_configs: [{upgrade_type: WebSocket}, {upgrade_type: h2c, enabled: false}]
                normalize_path: true
                merge_slashes: true
                path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT
                strip_any_host_port: true
                strip_trailing_host_dot: true
                """ + ROUTER);

        assertThat(manager.statPrefix()).isEqualTo("ingress");
        assertThat(manager.codecType()).isEqualTo(CodecType.HTTP1);
        assertThat(manager.routes())
                .isInstanceOfSatisfying(
                        RouteConfiguration.class,
                        routes -> assertThat(routes.name()).isEqualTo("routes"));
        assertThat(manager.serverName()).isEqualTo("starling");
        assertThat(manager.serverHeader()).isEqualTo(ServerHeader.APPEND_IF_ABSENT);
        assertThat(manager.timeouts())
                .isEqualTo(new HttpTimeouts(
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(2),
                        Optional.of(Duration.ofSeconds(30)),
                        Optional.of(Duration.ofSeconds(20)),
                        Duration.ofSeconds(3),
                        Duration.ZERO));
        assertThat(manager.http1())
                .isEqualTo(new Http1Options(false, true, "h", true, true, HeaderCase.PROPER_CASE_WORDS));
        assertThat(manager.limits())
                .isEqualTo(new HttpLimits(ByteCount.kibibytes(90), 50, 7, UnderscoreAction.DROP_HEADER));
        assertThat(manager.clientAddress())
                .isEqualTo(
                        new ClientAddress(true, 2, true, List.of(new CidrRange(InetAddress.ofLiteral("10.0.0.0"), 8))));
        assertThat(manager.requestId()).isEqualTo(new RequestId(false, true, true));
        assertThat(manager.path())
                .isEqualTo(new PathHandling(true, true, EscapedSlashes.UNESCAPE_AND_REDIRECT, StripPort.ANY, true));
        assertThat(manager.upgrades())
                .containsExactly(
                        new HttpUpgrade("websocket", true, List.of()), new HttpUpgrade("h2c", false, List.of()));
        assertThat(manager.via()).isEqualTo("v");
        assertThat(manager.proxy100Continue()).isTrue();
        assertThat(manager.streamErrorOnInvalidMessage()).isTrue();
    }

    @Test
    void readsLocalReplies() throws Exception {
        var reply = read(LEAST + """
                local_reply_config:
                  body_format: {text_format_source: {inline_string: "%LOCAL_REPLY_BODY%!"}, content_type: text/x}
                  mappers:
                  - filter: {status_code_filter: {comparison: {op: GE, value: {default_value: 500, runtime_key: k}}}}
                    status_code: 502
                    body: {inline_string: sorry}
                    body_format_override: {json_format: {b: "%RESPONSE_CODE%", a: [1, true, null, {c: x}]}}
                    headers_to_add: [{header: {key: X-A, value: "1"}, append_action: ADD_IF_ABSENT}]
                """).localReply().orElseThrow();

        assertThat(reply.bodyFormat())
                .contains(new BodyFormat(
                        new AccessLog.Format.Text(FormatString.parse("%LOCAL_REPLY_BODY%!"), false), "text/x"));
        assertThat(reply.mappers()).singleElement().satisfies(mapper -> {
            assertThat(mapper.filter())
                    .isEqualTo(new AccessLogFilter.StatusCode(Comparison.GE, new RuntimeUint32(500, "k")));
            assertThat(mapper.statusCode()).isEqualTo(OptionalInt.of(502));
            assertThat(mapper.body()).contains("sorry");
            assertThat(mapper.headersToAdd())
                    .containsExactly(new HeaderMutation("x-a", FormatString.literal("1"), Append.ADD_IF_ABSENT, false));
            assertThat(mapper.bodyFormat())
                    .contains(new BodyFormat(
                            new AccessLog.Format.Json(
                                    JsonTemplate.Fields.of(Map.of(
                                            "a",
                                            new JsonTemplate.Elements(List.of(
                                                    new JsonTemplate.Numeral(1),
                                                    new JsonTemplate.Bool(true),
                                                    JsonTemplate.Null.NULL,
                                                    JsonTemplate.Fields.of(Map.of(
                                                            "c", new JsonTemplate.Value(FormatString.literal("x")))))),
                                            "b",
                                            new JsonTemplate.Value(FormatString.parse("%RESPONSE_CODE%")))),
                                    false),
                            ""));
        });
    }

    @Test
    void readsAccessLogs() throws Exception {
        var logs = read(LEAST + """
                access_log:
                - typed_config:
                    "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                    path: /dev/null
                - typed_config:
                    "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                    path: /dev/null
                    format: "%PROTOCOL%"
                - filter: {and_filter: {filters: [{not_health_check_filter: {}}, {or_filter: {filters: [
                    {duration_filter: {comparison: {op: LE, value: {default_value: 9, runtime_key: k}}}},
                    {response_flag_filter: {flags: [UH]}}]}}]}}
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
                    log_format: {json_format: {a: "%DURATION%"}, omit_empty_values: true}
                - filter: {runtime_filter: {runtime_key: k, percent_sampled: {numerator: 1, denominator: MILLION}}}
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog
                """).accessLogs();

        var standard = new AccessLog.Format.Text(FormatString.DEFAULT, false);
        assertThat(logs)
                .containsExactly(
                        new AccessLog(Optional.empty(), new Lines(new AccessLog.Sink.File("/dev/null"), standard)),
                        new AccessLog(
                                Optional.empty(),
                                new Lines(
                                        new AccessLog.Sink.File("/dev/null"),
                                        new AccessLog.Format.Text(FormatString.parse("%PROTOCOL%"), false))),
                        new AccessLog(
                                Optional.of(new AccessLogFilter.And(List.of(
                                        new AccessLogFilter.NotHealthCheck(),
                                        new AccessLogFilter.Or(List.of(
                                                new AccessLogFilter.DurationMillis(
                                                        Comparison.LE, new RuntimeUint32(9, "k")),
                                                new AccessLogFilter.ResponseFlag(Set.of("UH"))))))),
                                new Lines(
                                        AccessLog.Sink.Stream.STDOUT,
                                        new AccessLog.Format.Json(
                                                JsonTemplate.Fields.of(Map.of(
                                                        "a", new JsonTemplate.Value(FormatString.parse("%DURATION%")))),
                                                true))),
                        new AccessLog(
                                Optional.of(
                                        new AccessLogFilter.RuntimeSampled(new FractionalPercent(1, 1_000_000, "k"))),
                                new Lines(AccessLog.Sink.Stream.STDERR, standard)));
    }

    @Test
    void keepsDisabledFiltersAndLeavesOutUnknownOptionalOnes() throws Exception {
        var read = Translated.connectionManager("""
                stat_prefix: s
                route_config: {}
                http_filters:
                - name: sleeping
                  disabled: true
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck
                    pass_through_mode: true
                - name: unknown
                  is_optional: true
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo}
                - name: r
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                """);

        assertThat(read.get().httpFilters())
                .extracting(entry -> entry.filter().name(), HttpFilterEntry::disabled)
                .containsExactly(tuple("sleeping", true), tuple("r", false));
        assertThat(read.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.path()).isEqualTo("http_filters[1]");
            assertThat(warning.message()).contains("optional http filter unknown");
        });
    }

    private static HttpConnectionManager read(String yaml) throws Exception {
        return Translated.connectionManager(yaml).get();
    }
}
