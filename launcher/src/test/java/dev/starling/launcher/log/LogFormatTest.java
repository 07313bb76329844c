package dev.starling.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class LogFormatTest {

    private final LoggerContext context = new LoggerContext();

    @Test
    void writesEnvoysDefaultLine() {
        var event = event(Level.WARN, "dev.starling.runtime.route.Router", "no route");

        String line = LogFormat.of(LogFormat.ENVOY, false).line(event);

        assertThat(line)
                .isEqualTo("[2026-11-21 07:05:09.042][" + Thread.currentThread().threadId()
                        + "][warning][router] [dev/starling/Caller.java:17] no route");
    }

    @Test
    void padsAndCuts() {
        var event = event(Level.INFO, "dev.starling.launcher.Main", "m");

        assertThat(LogFormat.of("%8l|%-8l|%=8l|%2!l|%3l", false).line(event))
                .isEqualTo("    info|info    |  info  |in|info");
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        var event = event(Level.INFO, "dev.starling.launcher.Main", "m");

        assertThat(LogFormat.of("100%% %Q %5Q %v%", false).line(event)).isEqualTo("100% %Q %5Q m%");
        assertThat(LogFormat.of("%5", false).line(event)).isEqualTo("%5");
    }

    @Test
    void writesAMessageOnOneLineWhenAskedTo() {
        var event = event(Level.ERROR, "dev.starling.admin.Page", "a\n\"b\"\\\u0001");

        assertThat(LogFormat.of("%n %v", true).line(event)).isEqualTo("admin a\\n\\\"b\\\"\\\\\\u0001");
        assertThat(LogFormat.of("{\"m\":\"%j\"}", false).line(event)).isEqualTo("{\"m\":\"a\\n\\\"b\\\"\\\\\\u0001\"}");
    }

    @Test
    void writesTimesInManyWays() {
        var event = event(Level.INFO, "x", "m");

        assertThat(LogFormat.of("%Y/%m/%d %H:%M:%S %e %f %R %I%p %L %E", false).line(event))
                .isEqualTo("2026/11/21 07:05:09 042 042000 07:05 07AM I "
                        + event.getInstant().getEpochSecond());
        assertThat(LogFormat.of("%a %A %b %B", false).line(event)).isEqualTo("Sat Saturday Nov November");
    }

    @Test
    void addsTheStackTrace() {
        var event = event(Level.ERROR, "x", "broke");
        event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("why")));

        assertThat(LogFormat.of("%v", false).line(event))
                .startsWith("broke\njava.lang.IllegalStateException: why\n\tat dev.starling");
    }

    private LoggingEvent event(Level level, String logger, String message) {
        var event = new LoggingEvent("", context.getLogger(logger), level, message, null, null);
        event.setInstant(LocalDateTime.of(2026, 11, 21, 7, 5, 9, 42_000_000)
                .atZone(ZoneId.systemDefault())
                .toInstant());
        event.setCallerData(
                new StackTraceElement[] {new StackTraceElement("dev.starling.Caller", "call", "Caller.java", 17)});
        return event;
    }
}
