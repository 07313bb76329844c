package dev.starling.config.proto.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.Percent;
import dev.starling.config.http.Http2FloodLimits;
import dev.starling.config.http.Http2Keepalive;
import dev.starling.config.http.Http2Options;
import dev.starling.config.http.Http2Options.Setting;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Http2OptionsReaderTest {

    private static Translated<Http2Options> translated(String yaml, boolean streamErrors) throws Exception {
        return Translated.of(
                Http2ProtocolOptions.getDefaultInstance(),
                yaml,
                (message, context) -> Http2OptionsReader.read(message, streamErrors, context));
    }

    @Test
    void hasDefaults() throws Exception {
        assertThat(translated("{}", false).get()).isEqualTo(Http2Options.DEFAULT);
    }

    @Test
    void readsEveryOption() throws Exception {
        var options = translated("""
                hpack_table_size: 4294967295
                max_concurrent_streams: 7
                initial_stream_window_size: 65535
                initial_connection_window_size: 2147483647
                allow_connect: true
                max_outbound_frames: 1
                max_outbound_control_frames: 2
                max_consecutive_inbound_frames_with_empty_payload: 0
                max_inbound_priority_frames_per_stream: 4
                max_inbound_window_update_frames_per_data_frame_sent: 5
                override_stream_error_on_invalid_http_message: true
                custom_settings_parameters: [{identifier: 16, value: 4294967295}]
                connection_keepalive:
                  interval: 1s
                  timeout: 2s
                  interval_jitter: {value: 10}
                  connection_idle_interval: 3s
                """, false).get();

        assertThat(options)
                .isEqualTo(new Http2Options(
                        4_294_967_295L,
                        7,
                        65_535,
                        Integer.MAX_VALUE,
                        true,
                        true,
                        new Http2FloodLimits(1, 2, 0, 4, 5),
                        Optional.of(new Http2Keepalive(
                                Optional.of(Duration.ofSeconds(1)),
                                Duration.ofSeconds(2),
                                new Percent(10),
                                Optional.of(Duration.ofSeconds(3)))),
                        List.of(new Setting(16, 4_294_967_295L))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                     | false | false
            {}                                                     | true  | true
            {stream_error_on_invalid_http_messaging: true}         | false | true
            {override_stream_error_on_invalid_http_message: false} | true  | false
            """)
    void saysWhatAMalformedMessageEnds(String yaml, boolean ofTheManager, boolean streamOnly) throws Exception {
        assertThat(translated(yaml, ofTheManager).get().streamErrorOnInvalidMessage())
                .isEqualTo(streamOnly);
    }

    // In the words of Envoy 1.40, but for the path before them.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {identifier: 8, value: 1}                            | [0]: the "allow_connect" SETTINGS parameter must only be configured through the named field
            {identifier: 2, value: 1}                            | [0]: server push is not supported by Envoy and can not be enabled via a SETTINGS parameter.
            {identifier: 1, value: 1}                            | [0]: the {hpack_table_size} HTTP/2 SETTINGS parameter(s) can not be configured through both named and custom parameters
            {identifier: 9, value: 1}, {identifier: 9, value: 2} | [1]: inconsistent HTTP/2 custom SETTINGS parameter(s) detected; identifiers = {0x09}
            """)
    void refusesCustomSettings(String settings, String complaint) throws Exception {
        var translated = translated("{hpack_table_size: 1, custom_settings_parameters: [" + settings + "]}", false);

        assertThat(translated.errors()).singleElement().asString().endsWith(" custom_settings_parameters" + complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {max_concurrent_streams: 0}           | max_concurrent_streams
            {initial_stream_window_size: 65534}   | initial_stream_window_size
            {initial_connection_window_size: 100} | initial_connection_window_size
            {max_outbound_frames: 0}              | max_outbound_frames
            {connection_keepalive: {}}            | connection_keepalive.timeout
            """)
    void refusesWhatIsOutOfRange(String yaml, String path) throws Exception {
        assertThat(translated(yaml, false).errors()).singleElement().asString().contains(" " + path + ":");
    }
}
