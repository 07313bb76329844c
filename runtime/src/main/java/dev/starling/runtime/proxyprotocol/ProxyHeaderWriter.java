package dev.starling.runtime.proxyprotocol;

import dev.starling.config.cluster.UpstreamProxyProtocol;
import dev.starling.config.cluster.UpstreamProxyProtocol.AddedTlv;
import dev.starling.config.listener.filter.ProxyProtocol.Version;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Addresses;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Tlv;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes PROXY headers as one cluster wants them. Immutable. */
public final class ProxyHeaderWriter {

    private static final int MAX_REST_BYTES = 65535;

    private final UpstreamProxyProtocol config;

    public ProxyHeaderWriter(UpstreamProxyProtocol config) {
        this.config = config;
    }

    /** What a connection for this client begins with. */
    public byte[] header(ProxyHeader client) {
        ByteBuf header = Unpooled.buffer();
        if (config.version() == Version.V1) {
            line(client.addresses(), header);
        } else {
            binary(client, header);
        }
        return ByteBufUtil.getBytes(header);
    }

    /** What is the same for all clients that may share a connection. */
    public ByteBuffer tellsApart(ProxyHeader client) {
        return ByteBuffer.wrap(
                header(config.tlvsTellConnectionsApart() ? client : new ProxyHeader(client.addresses(), List.of())));
    }

    private static void line(Optional<Addresses> addresses, ByteBuf header) {
        String text = addresses.map(ProxyHeaderWriter::line).orElse("PROXY UNKNOWN\r\n");
        header.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    private static String line(Addresses addresses) {
        boolean ipv4 = isIpv4(addresses);
        return "PROXY TCP" + (ipv4 ? 4 : 6) + " " + text(addresses.source(), ipv4) + " "
                + text(addresses.destination(), ipv4) + " " + addresses.source().getPort() + " "
                + addresses.destination().getPort() + "\r\n";
    }

    private static String text(InetSocketAddress address, boolean ipv4) {
        InetAddress ip = address.getAddress();
        return ip instanceof Inet4Address && !ipv4 ? "::ffff:" + ip.getHostAddress() : NetUtil.toAddressString(ip);
    }

    private static boolean isIpv4(Addresses addresses) {
        return addresses.source().getAddress() instanceof Inet4Address
                && addresses.destination().getAddress() instanceof Inet4Address;
    }

    private void binary(ProxyHeader client, ByteBuf header) {
        ByteBuf rest = Unpooled.buffer();
        client.addresses().ifPresent(addresses -> {
            boolean ipv4 = isIpv4(addresses);
            rest.writeBytes(octets(addresses.source(), ipv4)).writeBytes(octets(addresses.destination(), ipv4));
            rest.writeShort(addresses.source().getPort())
                    .writeShort(addresses.destination().getPort());
        });
        for (Tlv tlv : tlvs(client)) {
            if (rest.readableBytes() + 3 + tlv.value().length > MAX_REST_BYTES) {
                break; // there is no room for more in a header
            }
            rest.writeByte(tlv.type()).writeShort(tlv.value().length).writeBytes(tlv.value());
        }
        header.writeBytes(ProxyHeaderParser.V2_SIGNATURE);
        header.writeByte(client.addresses().isPresent() ? ProxyHeaderParser.PROXY : ProxyHeaderParser.LOCAL);
        header.writeByte(client.addresses()
                .map(each -> isIpv4(each) ? ProxyHeaderParser.TCP_OVER_IPV4 : ProxyHeaderParser.TCP_OVER_IPV6)
                .orElse(0));
        header.writeShort(rest.readableBytes()).writeBytes(rest);
    }

    /** Our own first; of those that came, none of a type that we have said ourselves. */
    private List<Tlv> tlvs(ProxyHeader client) {
        if (client.addresses().isEmpty()) {
            return List.of();
        }
        List<Tlv> tlvs = new ArrayList<>();
        for (AddedTlv added : config.added()) {
            tlvs.add(new Tlv(added.type(), added.value().getBytes(StandardCharsets.ISO_8859_1)));
        }
        client.tlvs().stream()
                .filter(tlv -> config.passThrough().passes(tlv.type()))
                .filter(tlv -> config.added().stream().noneMatch(added -> added.type() == tlv.type()))
                .forEach(tlvs::add);
        return tlvs;
    }

    private static byte[] octets(InetSocketAddress address, boolean ipv4) {
        byte[] octets = address.getAddress().getAddress();
        if (ipv4 || octets.length == 16) {
            return octets;
        }
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(octets, 0, mapped, 12, octets.length);
        return mapped;
    }
}
