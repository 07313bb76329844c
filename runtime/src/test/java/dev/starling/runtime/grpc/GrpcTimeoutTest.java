package dev.starling.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {

    @ParameterizedTest
    @CsvSource({
        "1H,3600000",
        "2M,120000",
        "3S,3000",
        "4m,4",
        "0m,0",
        "1u,1",
        "1000u,1",
        "1001u,2",
        "1n,1",
        "1500000n,2",
        "99999999H,359999996400000",
        "00000000001S,1000",
        "1 S,1000"
    })
    void readsMillisecondsRoundedUp(String header, long millis) {
        assertThat(GrpcTimeout.parseMillis(header)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "S",
                "1",
                "x",
                "-1S",
                "1s",
                "1.5S",
                "100000000m",
                "123456789n",
                " S",
                "1S,2S",
                "99999999999999999999S"
            })
    void takesWhatIsMalformedForNothing(String header) {
        assertThat(GrpcTimeout.parseMillis(header)).isEqualTo(GrpcTimeout.NONE);
        assertThat(GrpcTimeout.parseMillis(null)).isEqualTo(GrpcTimeout.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0m",
        "99999999,99999999m",
        "100000000,100000S",
        "99999999999,99999999S",
        "100000000000,1666666M",
        "6000000000000,1666666H",
        "9223372036854775,99999999H"
    })
    void writesEightDigitsAtMost(long millis, String header) {
        assertThat(GrpcTimeout.text(millis)).isEqualTo(header);
    }

    @Test
    void capsTheRoutersTimeout() {
        Duration max = Duration.ofSeconds(2);
        Optional<Duration> none = Optional.empty();
        Optional<Duration> offset = Optional.of(Duration.ofMillis(500));
        assertThat(GrpcTimeout.ofRouter(1000, max, none)).isEqualTo(1000);
        assertThat(GrpcTimeout.ofRouter(3000, max, none)).isEqualTo(2000);
        assertThat(GrpcTimeout.ofRouter(GrpcTimeout.NONE, max, none)).isEqualTo(2000);
        assertThat(GrpcTimeout.ofRouter(GrpcTimeout.NONE, Duration.ZERO, none)).isZero();
        assertThat(GrpcTimeout.ofRouter(1000, max, offset)).isEqualTo(500);
        assertThat(GrpcTimeout.ofRouter(500, max, offset)).isEqualTo(500);
    }

    @Test
    void endsTheStreamAtOnceWhenTheOffsetLeavesNothing() {
        Optional<Duration> offset = Optional.of(Duration.ofMillis(500));
        assertThat(GrpcTimeout.ofStream(3000, Duration.ofSeconds(2), offset)).isEqualTo(1500);
        assertThat(GrpcTimeout.ofStream(3000, Duration.ZERO, Optional.empty())).isEqualTo(3000);
        assertThat(GrpcTimeout.ofStream(400, Duration.ZERO, offset)).isZero();
    }
}
