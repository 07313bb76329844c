package dev.starling.runtime.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeFormatTest {

    /** 2026-11-21T08:37:37.576639Z, a Saturday. */
    private static final long MOMENT = 1_795_250_257_576_639_000L;

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            %Y-%m-%dT%H:%M:%E3SZ | 2026-11-21T08:37:37.576Z
            %s %3f %6f %9f %1f %f %E4S | 1795250257 576 576639 576639000 5 576639000 37.5766
            %s%3f | 1795250257576
            %s.%3f | 1795250257.576
            %e %j %a %A %b %B %d %D %F %T %y | 21 325 Sat Saturday Nov November 21 11/21/26 2026-11-21 08:37:37 26
            %Z %z %p %I %M %S %% %H:%M | UTC +0000 AM 08 37 37 % 08:37
            %X %x %c %C %G %g %u %V %U %w %W | 08:37:37 11/21/26 Sat Nov 21 08:37:37 2026 20 2026 26 6 47 46 6 46
            %k.%l %r %R %h %Ez %E*S %ET | ' 8. 8 08:37:37 AM 08:37 Nov +00:00 37.576639 T'
            %Q 100% | %Q 100%
            """)
    void writesWhatEnvoyWrites(String pattern, String expected) {
        assertThat(format(pattern, MOMENT)).isEqualTo(expected);
    }

    @Test
    void keepsLeadingZerosOfAFractionAndDropsTrailingOnesOnlyWhereAsked() {
        long moment = 1_795_250_257_000_700_000L;

        assertThat(format("%E3S %3f %E*S %6f", moment)).isEqualTo("37.000 000 37.0007 000700");
        assertThat(format("%E*S|%E0S", 1_795_250_257_000_000_000L)).isEqualTo("37|%0S");
    }

    @Test
    void followsTheSecondsWithOneFormat() {
        TimeFormat format = new TimeFormat(TimeFormat.ISO);
        StringBuilder out = new StringBuilder();

        for (long nanos : new long[] {999_000_000L, 1_000_000_000L, 999_999_999L, -1L}) {
            format.append(nanos, out);
            out.append(' ');
        }

        assertThat(out.toString())
                .isEqualTo("1970-01-01T00:00:00.999Z 1970-01-01T00:00:01.000Z 1970-01-01T00:00:00.999Z"
                        + " 1969-12-31T23:59:59.999Z ");
    }

    @Test
    void writesLiteralsAsUtf8() {
        assertThat(format("um %H Uhr, früh", MOMENT)).isEqualTo("um 08 Uhr, frÃ¼h");
    }

    private static String format(String pattern, long epochNanos) {
        StringBuilder out = new StringBuilder();
        new TimeFormat(pattern).append(epochNanos, out);
        return out.toString();
    }
}
