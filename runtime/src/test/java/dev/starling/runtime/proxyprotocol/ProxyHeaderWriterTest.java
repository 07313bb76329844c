package dev.starling.runtime.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.UpstreamProxyProtocol;
import dev.starling.config.cluster.UpstreamProxyProtocol.AddedTlv;
import dev.starling.config.listener.filter.ProxyProtocol.Version;
import dev.starling.config.listener.filter.TlvFilter;
import dev.starling.runtime.proxyprotocol.Parsed.Complete;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Addresses;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Tlv;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is what {@link ProxyHeaderParser} reads. */
class ProxyHeaderWriterTest {

    private static final ProxyHeader IPV4 = header("1.2.3.4", "5.6.7.8");
    private static final ProxyHeader IPV6 = header("2001:db8::1", "2001:db8::2");

    @ParameterizedTest
    @EnumSource
    void writesAddressesOfBothFamilies(Version version) {
        ProxyHeaderWriter writer = new ProxyHeaderWriter(settings(version, TlvFilter.NONE, false));

        assertThat(read(writer, IPV4)).isEqualTo(IPV4);
        assertThat(read(writer, IPV6)).isEqualTo(IPV6);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatItDoesNotKnow(Version version) {
        ProxyHeader nobody = new ProxyHeader(Optional.empty(), List.of());

        assertThat(read(new ProxyHeaderWriter(settings(version, TlvFilter.NONE, false)), nobody))
                .isEqualTo(nobody);
    }

    @Test
    void writesIpv4AsIpv6WhereTheOtherSideIs() {
        byte[] line = new ProxyHeaderWriter(settings(Version.V1, TlvFilter.NONE, false))
                .header(header("1.2.3.4", "2001:db8::2"));

        assertThat(new String(line, StandardCharsets.US_ASCII))
                .isEqualTo("PROXY TCP6 ::ffff:1.2.3.4 2001:db8::2 11 22\r\n");
    }

    @Test
    void putsItsOwnTlvsFirstAndPassesOnWhatItMay() {
        var settings = new UpstreamProxyProtocol(
                Version.V2, new TlvFilter(false, Set.of(2, 5)), List.of(new AddedTlv(5, "own")), false);
        ProxyHeader client =
                with(IPV4, new Tlv(2, new byte[] {1}), new Tlv(3, new byte[] {2}), new Tlv(5, new byte[0]));

        assertThat(read(new ProxyHeaderWriter(settings), client).tlvs())
                .containsExactly(new Tlv(5, "own".getBytes(StandardCharsets.US_ASCII)), new Tlv(2, new byte[] {1}));
    }

    @Test
    void leavesOutTlvsForWhichThereIsNoRoom() {
        var writer = new ProxyHeaderWriter(settings(Version.V2, new TlvFilter(true, Set.of()), false));
        ProxyHeader client = with(IPV4, new Tlv(2, new byte[40_000]), new Tlv(3, new byte[40_000]));

        assertThat(read(writer, client).tlvs()).containsExactly(new Tlv(2, new byte[40_000]));
    }

    @Test
    void tellsClientsApartByTlvsOnlyIfToldTo() {
        ProxyHeader one = with(IPV4, new Tlv(2, new byte[] {1}));
        ProxyHeader other = with(IPV4, new Tlv(2, new byte[] {2}));
        TlvFilter all = new TlvFilter(true, Set.of());
        var byAddress = new ProxyHeaderWriter(settings(Version.V2, all, false));
        var byTlv = new ProxyHeaderWriter(settings(Version.V2, all, true));

        assertThat(byAddress.tellsApart(one))
                .isEqualTo(byAddress.tellsApart(other))
                .isNotEqualTo(byAddress.tellsApart(IPV6));
        assertThat(byTlv.tellsApart(one)).isNotEqualTo(byTlv.tellsApart(other));
    }

    private static ProxyHeader read(ProxyHeaderWriter writer, ProxyHeader client) {
        byte[] bytes = writer.header(client);
        Complete read = (Complete) ProxyHeaderParser.parse(Unpooled.wrappedBuffer(bytes));
        assertThat(read.length()).isEqualTo(bytes.length);
        return read.header();
    }

    private static UpstreamProxyProtocol settings(Version version, TlvFilter passThrough, boolean byTlv) {
        return new UpstreamProxyProtocol(version, passThrough, List.of(), byTlv);
    }

    private static ProxyHeader header(String source, String destination) {
        return new ProxyHeader(
                Optional.of(new Addresses(new InetSocketAddress(source, 11), new InetSocketAddress(destination, 22))),
                List.of());
    }

    private static ProxyHeader with(ProxyHeader header, Tlv... tlvs) {
        return new ProxyHeader(header.addresses(), List.of(tlvs));
    }
}
