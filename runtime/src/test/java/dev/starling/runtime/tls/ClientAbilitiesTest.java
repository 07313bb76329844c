package dev.starling.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.tls.TlsParameters;
import dev.starling.config.tls.TlsVersion;
import dev.starling.runtime.tls.hello.Hello;
import dev.starling.runtime.tls.hello.HelloRecords;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClientAbilitiesTest {

    private static final TlsParameters BOTH = Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);

    private static ClientAbilities of(Hello hello, TlsParameters ours) {
        HelloRecords records = new HelloRecords();
        assertThat(records.read(Unpooled.wrappedBuffer(hello.record()))).isEqualTo(HelloRecords.State.COMPLETE);
        return ClientAbilities.of(Objects.requireNonNull(records.hello()), ours);
    }

    @Test
    void asksClientsOfTls13ForTheirSignatureAlgorithms() {
        var hello = new Hello().supportedVersions(0x0304).signatureAlgorithms(0x0403, 0x0603, 0x0804);

        assertThat(of(hello, BOTH).curveBits()).containsExactlyInAnyOrder(256, 521);
        assertThat(of(hello, Pki.parameters(TlsVersion.TLS_1_2, TlsVersion.TLS_1_2))
                        .curveBits())
                .isEmpty();
    }

    @Test
    void asksOlderClientsForTheirGroupsIfTheyOfferASuiteWithEcdsa() {
        assertThat(of(new Hello().suites(0xc02b).groups(23, 24), BOTH).curveBits())
                .containsExactlyInAnyOrder(256, 384);
        assertThat(of(new Hello().suites(0xc02f).groups(23, 24), BOTH).curveBits())
                .isEmpty();
        assertThat(of(new Hello().suites(0xc009).groups(23), BOTH).curveBits())
                .as("a suite that we do not like")
                .isEmpty();
        assertThat(of(new Hello().version(0x0301).suites(0xc02b).groups(23), BOTH)
                        .curveBits())
                .as("a suite that the version does not have")
                .isEmpty();
    }

    @Test
    void hearsWhetherAnOcspResponseIsAskedFor() {
        assertThat(of(new Hello().extensions(5), BOTH).ocsp()).isTrue();
        assertThat(of(new Hello(), BOTH).ocsp()).isFalse();
    }
}
