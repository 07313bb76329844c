package dev.starling.config.proto.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:DB8::0:1, 2001:db8::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7",
        "fe80::, fe80::",
        "::ffff:10.0.0.1, 10.0.0.1"
    })
    void printsOneFormOfEachAddress(String written, String printed) {
        assertThat(IpLiteral.parse(written).map(IpLiteral::display)).contains(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "",
                "127.1",
                "1.2.3",
                "1.2.3.4.5",
                "127.0.0.01",
                "256.0.0.1",
                "1.2.3.x",
                "1..2.3",
                "0x7f.0.0.1",
                "[::1]",
                "::1::",
                "1:2:3",
                "::g",
                " 127.0.0.1",
                "127.0.0.1:80",
                "::ffff:1.2.3"
            })
    void takesNothingThatWouldNeedAResolverOrAGuess(String written) {
        assertThat(IpLiteral.parse(written)).isEmpty();
    }
}
