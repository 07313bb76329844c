package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForwardedForTest {

    @Test
    void countsFromTheRight() {
        assertThat(ForwardedFor.fromRight("10.0.0.1, 10.0.0.2,10.0.0.3", 1)).isEqualTo("10.0.0.3");
        assertThat(ForwardedFor.fromRight("10.0.0.1, 10.0.0.2,10.0.0.3", 2)).isEqualTo("10.0.0.2");
        assertThat(ForwardedFor.fromRight("10.0.0.1, 10.0.0.2,10.0.0.3", 3)).isEqualTo("10.0.0.1");
        assertThat(ForwardedFor.fromRight("10.0.0.1, 10.0.0.2,10.0.0.3", 4)).isNull();
        assertThat(ForwardedFor.fromRight(null, 1)).isNull();
    }

    @Test
    void tellsAddressesInOneForm() {
        assertThat(ForwardedFor.fromRight("2001:0DB8:0:0::1", 1)).isEqualTo("2001:db8::1");
    }

    @Test
    void takesNothingElseForAnAddress() {
        for (String text :
                new String[] {"", "me", "10.0.0.1:80", "10.1", "[2001:db8::1]", "fe80::1%eth0", "1.2.3.256"}) {
            assertThat(ForwardedFor.fromRight(text, 1)).as(text).isNull();
        }
    }
}
