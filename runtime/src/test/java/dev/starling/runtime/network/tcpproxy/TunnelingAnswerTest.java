package dev.starling.runtime.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.accesslog.FormatString;
import dev.starling.config.tcp.TunnelingConfig;
import dev.starling.runtime.accesslog.FormatterFactory;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.Protocol;
import dev.starling.runtime.message.ResponseHead;
import dev.starling.runtime.message.StreamEvent;
import dev.starling.runtime.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What logs are given of the answer that opened a tunnel; Envoy 1.40 itself crashes when there are trailers. */
class TunnelingAnswerTest {

    private static Tunneling tunneling(boolean headers, boolean trailers) {
        return new Tunneling(
                new TunnelingConfig(FormatString.literal("a:1"), "", List.of(), headers, trailers),
                new FormatterFactory(Clock.SYSTEM, "localhost", Map.of()));
    }

    private static Headers fields() {
        Headers fields = new Headers();
        fields.add("x-a", "1");
        fields.add("x-a", "\"2\"");
        return fields;
    }

    @Test
    void keepsWhatItIsToldTo() {
        var head = new ResponseHead(200, Protocol.HTTP_1_1, fields(), -1, false);
        var trailers = new StreamEvent.Trailers(fields());

        assertThat(tunneling(true, false).kept(head))
                .isEqualTo("{\"headers\":[{\"key\":\":status\",\"value\":\"200\"},{\"key\":\"x-a\",\"value\":\"1\"},"
                        + "{\"key\":\"x-a\",\"value\":\"\\\"2\\\"\"}]}");
        assertThat(tunneling(false, true).kept(trailers))
                .isEqualTo(
                        "{\"headers\":[{\"key\":\"x-a\",\"value\":\"1\"},{\"key\":\"x-a\",\"value\":\"\\\"2\\\"\"}]}");
        assertThat(tunneling(false, true).kept(head)).isEmpty();
        assertThat(tunneling(true, false).kept(trailers)).isEmpty();
    }

    @Test
    void keepsNothingOfNoFields() {
        assertThat(tunneling(true, true).kept(new StreamEvent.Trailers(new Headers())))
                .isEqualTo("{\"headers\":[]}");
    }
}
