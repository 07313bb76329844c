package dev.starling.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerNamesTest {

    @Test
    void sameInAnyCase() {
        var names = new PeerNames("Server.example.com", "A.example.com");

        assertThat(names)
                .isEqualTo(new PeerNames("server.Example.com", "a.EXAMPLE.com"))
                .hasSameHashCodeAs(new PeerNames("server.Example.com", "a.EXAMPLE.com"))
                .isNotEqualTo(new PeerNames("server.example.com", ""))
                .isNotEqualTo(new PeerNames("", "a.example.com"));
    }
}
