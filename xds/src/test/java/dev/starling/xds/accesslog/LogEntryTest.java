package dev.starling.xds.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.starling.xds.accesslog.LogEntry.RequestText;
import dev.starling.xds.accesslog.TlsProperties.Certificate;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.envoyproxy.envoy.data.accesslog.v3.ResponseFlags;
import io.envoyproxy.envoy.data.accesslog.v3.TCPAccessLogEntry;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The messages that entries become. */
class LogEntryTest {

    private final LogEntry entry = new LogEntry();

    private static void assertIs(Message actual, String text) throws Exception {
        assertThat(actual)
                .isEqualTo(TextFormat.parse(
                        text, actual.getDefaultInstanceForType().getClass()));
    }

    @Test
    void tellsNothingOfWhatIsNotKnown() throws Exception {
        assertIs(entry.http(), "common_properties {} request {} response {}");
        assertIs(entry.tcp(), "common_properties {} connection_properties {}");
    }

    @Test
    void tellsOfARequest() throws Exception {
        entry.start(1_700_000_000_123L);
        entry.time(Moment.LAST_DOWNSTREAM_RX, 1);
        entry.time(Moment.FIRST_UPSTREAM_TX, 2);
        entry.time(Moment.LAST_UPSTREAM_TX, 3);
        entry.time(Moment.FIRST_UPSTREAM_RX, 4);
        entry.time(Moment.LAST_UPSTREAM_RX, 5);
        entry.time(Moment.FIRST_DOWNSTREAM_TX, 6);
        entry.time(Moment.LAST_DOWNSTREAM_TX, 7);
        entry.time(Moment.END, 1_000_000_008L);
        entry.downstream(
                new InetSocketAddress("10.0.0.1", 1),
                new InetSocketAddress(InetAddress.ofLiteral("::1"), 2),
                new DomainSocketAddress("/l"));
        entry.upstream("web", new InetSocketAddress("10.0.0.2", 80), null);
        entry.flag("UH");
        entry.flag("UAEX");
        entry.routeName("r");
        entry.attempts(2);
        entry.streamId("id");
        entry.type("DownstreamEnd");
        entry.customTag("t", "v");
        entry.metadata("ns", Map.of("k", 1.5));
        entry.bytes(10, 20);
        entry.protocol("HTTP/2");
        entry.method("GET");
        entry.request(RequestText.PATH, "/p");
        entry.requestHeader("x", "1,2");
        entry.headerBytes(30, 40);
        entry.responseCode(200);
        entry.responseCodeDetails("via_upstream");
        entry.responseHeader("y", "3");
        entry.responseTrailer("z", "4");

        assertIs(entry.http(), """
                common_properties {
                  start_time { seconds: 1700000000 nanos: 123000000 }
                  time_to_last_rx_byte { nanos: 1 } time_to_first_upstream_tx_byte { nanos: 2 }
                  time_to_last_upstream_tx_byte { nanos: 3 } time_to_first_upstream_rx_byte { nanos: 4 }
                  time_to_last_upstream_rx_byte { nanos: 5 } time_to_first_downstream_tx_byte { nanos: 6 }
                  time_to_last_downstream_tx_byte { nanos: 7 } duration { seconds: 1 nanos: 8 }
                  downstream_remote_address { socket_address { address: "10.0.0.1" port_value: 1 } }
                  downstream_direct_remote_address { socket_address { address: "::1" port_value: 2 } }
                  downstream_local_address { pipe { path: "/l" } }
                  upstream_cluster: "web"
                  upstream_remote_address { socket_address { address: "10.0.0.2" port_value: 80 } }
                  response_flags { no_healthy_upstream: true unauthorized_details { reason: EXTERNAL_SERVICE } }
                  route_name: "r" upstream_request_attempt_count: 2 stream_id: "id" access_log_type: DownstreamEnd
                  custom_tags { key: "t" value: "v" }
                  metadata { filter_metadata { key: "ns" value { fields { key: "k" value { number_value: 1.5 } } } } }
                }
                protocol_version: HTTP2
                request {
                  request_method: GET path: "/p" request_headers_bytes: 30 request_body_bytes: 10
                  request_headers { key: "x" value: "1,2" }
                }
                response {
                  response_code { value: 200 } response_code_details: "via_upstream"
                  response_headers_bytes: 40 response_body_bytes: 20
                  response_headers { key: "y" value: "3" } response_trailers { key: "z" value: "4" }
                }
                """);
    }

    @Test
    void tellsOfAConnection() throws Exception {
        entry.bytes(1, 2);
        entry.downstreamRemoteIp("2001:db8::1");
        entry.connectionTerminationDetails("why");
        entry.downstreamTransportFailure("down");
        entry.upstreamTransportFailure("up");
        entry.downstreamTls(new TlsProperties(
                "TLSv1.2",
                0xc02b,
                "ab",
                "name",
                "ja3",
                new Certificate("CN=l", "", List.of("spiffe://l")),
                new Certificate("CN=p", "CN=i", List.of())));
        assertIs(entry.tcp(), """
                common_properties {
                  downstream_remote_address { socket_address { address: "2001:db8::1" port_value: 0 } }
                  connection_termination_details: "why"
                  downstream_transport_failure_reason: "down" upstream_transport_failure_reason: "up"
                  tls_properties {
                    tls_version: TLSv1_2 tls_cipher_suite { value: 49195 } tls_session_id: "ab"
                    tls_sni_hostname: "name" ja3_fingerprint: "ja3"
                    local_certificate_properties { subject: "CN=l" subject_alt_name { uri: "spiffe://l" } }
                    peer_certificate_properties { subject: "CN=p" issuer: "CN=i" }
                  }
                }
                connection_properties { received_bytes: 1 sent_bytes: 2 }
                """);
    }

    @Test
    void tellsWhatATunnelWasAnsweredWith() throws Exception {
        entry.filterState("kept", "{\"headers\":[{\"key\":\":status\",\"value\":\"200\"}]}");
        var kept = entry.http().getCommonProperties().getFilterStateObjectsOrThrow("kept");
        assertThat(kept.unpack(HeaderMap.class).getHeaders(0).getValue()).isEqualTo("200");
    }

    @Test
    void leavesOutMethodsAndFlagsThatTheMessageHasNoNameFor() {
        entry.method("PURGE");
        entry.flag("UDO");
        assertThat(entry.http())
                .isEqualTo(HTTPAccessLogEntry.newBuilder()
                        .setCommonProperties(HTTPAccessLogEntry.getDefaultInstance().getCommonProperties().toBuilder()
                                .setResponseFlags(ResponseFlags.getDefaultInstance()))
                        .setRequest(HTTPAccessLogEntry.getDefaultInstance().getRequest())
                        .setResponse(HTTPAccessLogEntry.getDefaultInstance().getResponse())
                        .build());
        assertThat(TCPAccessLogEntry.getDefaultInstance()).isNotEqualTo(entry.tcp());
    }

    @Test
    void knowsEveryFlagOfTheMessage() {
        for (String name : List.of(
                "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE", "DC", "URX",
                "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT", "UPE", "NC", "OM", "DF", "DR")) {
            entry.flag(name);
        }
        assertThat(entry.http().getCommonProperties().getResponseFlags().getAllFields())
                .hasSameSizeAs(ResponseFlags.getDescriptor().getFields());
    }
}
