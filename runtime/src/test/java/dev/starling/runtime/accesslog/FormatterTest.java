package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.InvalidConfigException;
import dev.starling.config.accesslog.AccessLog;
import dev.starling.config.accesslog.FormatString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines are those that Envoy 1.40 logged for such exchanges. */
class FormatterTest {

    private final StreamInfo info = Examples.answered();
    private Map<String, String> request = Examples.requestHeaders();
    private final Map<String, String> response = Examples.responseHeaders();

    @Test
    void writesEnvoysDefaultLine() {
        assertThat(defaultLine())
                .isEqualTo("[2026-11-21T08:05:23.818Z] \"GET /200?q=abcdef HTTP/1.1\" 200 - 0 6 41 0 \"-\""
                        + " \"my \"agent\"\" \"2648a8f0-e417-45a4-bb67-46fcbb8903ac\" \"127.0.0.1:57437\""
                        + " \"127.0.0.1:37295\"\n");
    }

    @Test
    void writesEnvoysDefaultLineForASessionOfTcp() {
        StreamInfo session = new StreamInfo();
        session.startWallMillis = info.startWallMillis;
        session.startNanos = 1;
        session.endNanos = 1_600_000;
        session.bytesReceived = 40;
        session.bytesSent = 135;
        session.upstreamHost = "127.0.0.1:37295";

        assertThat(format(FormatString.DEFAULT, session, HeaderView.NONE, HeaderView.NONE))
                .isEqualTo("[2026-11-21T08:05:23.818Z] \"- - -\" 0 - 40 135 1 - \"-\" \"-\" \"-\" \"-\""
                        + " \"127.0.0.1:37295\"\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            %PROTOCOL%|%UPSTREAM_PROTOCOL%|%RESPONSE_CODE%|%RESPONSE_CODE_DETAILS% ; HTTP/1.1|HTTP/1.1|200|via_upstream
            %RESPONSE_FLAGS%|%RESPONSE_FLAGS_LONG%|%CONNECTION_TERMINATION_DETAILS% ; -|-|-
            %REQUEST_HEADERS_BYTES%|%RESPONSE_HEADERS_BYTES%|%BYTES_RECEIVED%|%BYTES_SENT% ; 207|113|0|6
            %DURATION%|%REQUEST_DURATION%|%REQUEST_TX_DURATION%|%RESPONSE_DURATION%|%RESPONSE_TX_DURATION% ; 41|0|2|39|2
            %ROUTE_NAME%|%UPSTREAM_CLUSTER%|%UPSTREAM_HOST%|%UPSTREAM_REQUEST_ATTEMPT_COUNT% ; main|shop|127.0.0.1:37295|1
            %UPSTREAM_LOCAL_ADDRESS%|%UPSTREAM_REMOTE_ADDRESS% ; 127.0.0.1:52632|127.0.0.1:37295
            %DOWNSTREAM_REMOTE_ADDRESS%|%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% ; 127.0.0.1:38462|127.0.0.1
            %DOWNSTREAM_DIRECT_REMOTE_ADDRESS%|%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT% ; 127.0.0.1:38462|127.0.0.1
            %DOWNSTREAM_LOCAL_ADDRESS%|%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%|%DOWNSTREAM_LOCAL_PORT% ; 127.0.0.1:57437|127.0.0.1|57437
            %UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%|%UPSTREAM_REMOTE_PORT%|%UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%|%UPSTREAM_LOCAL_PORT% ; 127.0.0.1|37295|127.0.0.1|52632
            %DOWNSTREAM_REMOTE_PORT%|%DOWNSTREAM_DIRECT_REMOTE_PORT%|%UPSTREAM_CLUSTER_RAW% ; 38462|38462|shop
            %CONNECTION_ID%|%STREAM_ID%|%HOSTNAME%|%FILTER_CHAIN_NAME%|%ACCESS_LOG_TYPE% ; 2|2648a8f0-e417-45a4-bb67-46fcbb8903ac|vm|-|DownstreamEnd
            %REQ(X-A?X-B):3%|%REQ(X-B?X-A)%|%REQ(X-B)%|%RESP(X-THING)%|%TRAILER(X)% ; lon|longvalue|-|T"hi\\ng|-
            %ENVIRONMENT(HOME):3%|%ENVIRONMENT(NOPE)%|%REQUESTED_SERVER_NAME%|%LOCAL_REPLY_BODY%| ; /ro|-|-||
            %QUERY_PARAM(q):2%|%QUERY_PARAM(z)%|%PATH%|%PATH(NQ)%|%PATH(WQ:ORIG)%|%PATH(NQ:PATH)% ; ab|-|/200?q=abcdef|/200|-|/200
            %START_TIME(%s.%3f)%|%EMIT_TIME(%s)%|%START_TIME% ; 1795248323.818|1795248323|2026-11-21T08:05:23.818Z
            100%% of %RESPONSE_CODE%%% ; 100% of 200%
            """)
    void fillsInEveryOperator(String pattern, String expected) throws InvalidConfigException {
        assertThat(text(pattern)).isEqualTo(expected);
    }

    @Test
    void namesAllFlagsInTheOrderInWhichTheyWereSet() throws InvalidConfigException {
        info.flag(ResponseFlag.URX);
        info.flag(ResponseFlag.UF);

        assertThat(text("%RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG%"))
                .isEqualTo("URX,UF UpstreamRetryLimitExceeded,UpstreamConnectionFailure");
    }

    @Test
    void writesDetailsWithoutSpaces() throws InvalidConfigException {
        info.responseCodeDetails = "remote_connection_failure|delayed_connect_error: Connection refused";
        info.upstreamTransportFailure = "delayed_connect_error: Connection refused";

        assertThat(text("%RESPONSE_CODE_DETAILS% %UPSTREAM_TRANSPORT_FAILURE_REASON%"))
                .isEqualTo("remote_connection_failure|delayed_connect_error:_Connection_refused"
                        + " delayed_connect_error:_Connection_refused");
        assertThat(text("%RESPONSE_CODE_DETAILS(ALLOW_WHITESPACES)%")).endsWith("error: Connection refused");
    }

    @Test
    void spellsAddressesAsEnvoy() throws InvalidConfigException {
        String all = "%DOWNSTREAM_REMOTE_ADDRESS%|%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%|%DOWNSTREAM_LOCAL_ADDRESS%|"
                + "%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%|%DOWNSTREAM_LOCAL_PORT%";
        info.downstreamRemoteIp = "1.2.3.4";
        info.downstream = new Examples.Client(new InetSocketAddress(InetAddress.ofLiteral("::1"), 80));
        assertThat(text(all)).isEqualTo("1.2.3.4:0|1.2.3.4|[::1]:80|::1|80");

        info.downstreamRemoteIp = "2001:db8::1";
        info.downstream = new Examples.Client(UnixDomainSocketAddress.of("/run/proxy.sock"));
        assertThat(text(all)).isEqualTo("[2001:db8::1]:0|2001:db8::1|/run/proxy.sock|/run/proxy.sock|");
    }

    @Test
    void decodesQueryParameters() throws InvalidConfigException {
        request = Map.of(":path", "/p?a&q=%41b%20c%zz&q=2&e=&%78=y%");

        assertThat(text("%QUERY_PARAM(q)%|%QUERY_PARAM(a)%|%QUERY_PARAM(e)%|%QUERY_PARAM(x)%|%QUERY_PARAM(p)%"))
                .isEqualTo("Ab c%zz|||y%|-");
    }

    @Test
    void prefersTheOriginalPath() throws InvalidConfigException {
        request = Map.of(":path", "/notfound", "x-envoy-original-path", "/orig?x=y");

        assertThat(text("%PATH%|%PATH(NQ:ORIG)%|%PATH(WQ:PATH)%|%PATH(NQ:ORIG_OR_PATH)%"))
                .isEqualTo("/orig?x=y|/orig|/notfound|/orig");
    }

    @Test
    void takesAnEmptyHeaderForAValue() throws InvalidConfigException {
        request = Map.of("x-a", "", "x-b", "second");

        assertThat(text("<%REQ(X-A?X-B)%>")).isEqualTo("<>");
    }

    @Test
    void leavesMissingValuesEmptyInHeaders() throws InvalidConfigException {
        StringBuilder out = new StringBuilder();

        Examples.FORMATS
                .headerValue(FormatString.parse("a%REQ(no)%b%UPSTREAM_TRANSPORT_FAILURE_REASON%|%RESPONSE_FLAGS%|"
                        + "%ENVIRONMENT(NOPE)%|%REQUEST_DURATION%"))
                .format(new StreamInfo(), request::get, response::get, out);

        assertThat(out.toString()).isEqualTo("ab|-|-|");
    }

    @Test
    void measuresToNowWhatHasNotEnded() throws InvalidConfigException {
        info.startNanos = 900 * Examples.MILLI;
        info.endNanos = 0;

        assertThat(text("%DURATION% %RESPONSE_TX_DURATION%")).isEqualTo("100 -");
    }

    @Test
    void passesBytesOfHeadersUnchangedAndWritesOtherTextsAsUtf8() throws InvalidConfigException {
        request = Map.of("x-a", new String(new byte[] {'c', (byte) 0xff, (byte) 0xc3}, StandardCharsets.ISO_8859_1));
        info.routeName = "straße";

        byte[] bytes = text("é%REQ(X-A)%%ROUTE_NAME%").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(bytes)
                .startsWith("éc".getBytes(StandardCharsets.UTF_8))
                .contains(0xff)
                .endsWith("straße".getBytes(StandardCharsets.UTF_8));
    }

    private String defaultLine() {
        return format(FormatString.DEFAULT, info, request::get, response::get);
    }

    private String text(String pattern) throws InvalidConfigException {
        return format(FormatString.parse(pattern), info, request::get, response::get);
    }

    private static String format(FormatString pattern, StreamInfo info, HeaderView request, HeaderView response) {
        StringBuilder out = new StringBuilder();
        Examples.FORMATS.entry(new AccessLog.Format.Text(pattern, false)).format(info, request, response, out);
        return out.toString();
    }
}
