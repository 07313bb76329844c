package dev.starling.runtime.listener.filter.tlsinspector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.runtime.tls.hello.ClientHello;
import dev.starling.runtime.tls.hello.Hello;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Known answers: of the JA3 project's own description, and of JA4's. */
class FingerprintsTest {

    @Test
    void hashesAsTheAuthorsOfJa3() {
        ClientHello hello = parse(new Hello()
                .version(769)
                .suites(47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4)
                .serverName("a")
                .groups(23, 24, 25)
                .pointFormats(0));

        assertThat(Fingerprints.ja3Text(hello))
                .isEqualTo("769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
        assertThat(Fingerprints.ja3(hello)).isEqualTo("ada70206e40642a3e4461f35503241d5");
    }

    @Test
    void hashesAHelloWithoutExtensions() {
        ClientHello hello = parse(new Hello().version(769).suites(4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99));

        assertThat(Fingerprints.ja3Text(hello)).isEqualTo("769,4-5-10-9-100-98-3-6-19-18-99,,,");
        assertThat(Fingerprints.ja3(hello)).isEqualTo("de350869b8c85de67a350c8d186f11e6");
        assertThat(Fingerprints.ja4(hello)).startsWith("t10i110000_").endsWith("_000000000000");
    }

    @Test
    void hashesAsTheAuthorsOfJa4() {
        ClientHello hello = parse(new Hello()
                .suites(
                        0x3a3a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014,
                        0x009c, 0x009d, 0x002f, 0x0035)
                .extensions(0xdada)
                .serverName("example.com")
                .extensions(0x17, 0xff01)
                .groups(0x1a1a, 29, 23, 24)
                .pointFormats(0)
                .extensions(0x23)
                .protocols("h2", "http/1.1")
                .extensions(5)
                .signatureAlgorithms(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
                .extensions(0x12, 0x33, 0x2d)
                .supportedVersions(0x6a6a, 0x0304, 0x0303)
                .extensions(0x1b, 0x4469, 0x0a0a, 0x15));

        assertThat(Fingerprints.ja4(hello)).isEqualTo("t13d1516h2_8daaf6152771_e5627efa2ab1");
    }

    private static ClientHello parse(Hello hello) {
        return Objects.requireNonNull(ClientHello.parse(Unpooled.wrappedBuffer(hello.body())));
    }
}
