package dev.starling.runtime.proxyprotocol;

import dev.starling.runtime.proxyprotocol.Parsed.Complete;
import dev.starling.runtime.proxyprotocol.Parsed.Incomplete;
import dev.starling.runtime.proxyprotocol.Parsed.Malformed;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Addresses;
import dev.starling.runtime.proxyprotocol.ProxyHeader.Tlv;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads PROXY headers of both versions, as strict as Envoy. Does not move a buffer's indices. */
public final class ProxyHeaderParser {

    /** The longest line of version 1, its end included. */
    private static final int MAX_V1_BYTES = 108;

    /** As many as are looked at before it is known how many there are: the longest fixed part, that of pipes. */
    public static final int FIRST_BYTES = 232;

    static final byte[] V1_SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    static final byte[] V2_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

    static final int V2_HEADER_BYTES = 16;
    static final int LOCAL = 0x20;
    static final int PROXY = 0x21;
    static final int TCP_OVER_IPV4 = 0x11;
    static final int TCP_OVER_IPV6 = 0x21;

    /** Whatever carried them: the addresses count. */
    private static final int UDP_OVER_IPV4 = 0x12;

    private static final int UDP_OVER_IPV6 = 0x22;

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int PORT_BYTES = 2;
    private static final int TLV_HEADER_BYTES = 3;

    private ProxyHeaderParser() {}

    public static Parsed parse(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (startsLike(bytes, V2_SIGNATURE)) {
            return length < V2_HEADER_BYTES ? new Incomplete(0, FIRST_BYTES) : v2(bytes);
        }
        if (startsLike(bytes, V1_SIGNATURE)) {
            return v1(bytes);
        }
        return Parsed.Missing.MISSING;
    }

    private static boolean startsLike(ByteBuf bytes, byte[] signature) {
        int length = Math.min(bytes.readableBytes(), signature.length);
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- version 1 ------------------------------------------------------------------------------------------------

    private static Parsed v1(ByteBuf bytes) {
        int length = endOfLine(bytes);
        if (length == 0) {
            return bytes.readableBytes() < MAX_V1_BYTES ? new Incomplete(0, FIRST_BYTES) : new Parsed.TooLong(false);
        }
        if (length > MAX_V1_BYTES) {
            return new Parsed.TooLong(true);
        }
        String line = bytes.toString(bytes.readerIndex(), length, StandardCharsets.ISO_8859_1)
                .stripTrailing();
        String[] parts = line.split(" ", -1);
        if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
            return new Complete(1, length, new ProxyHeader(Optional.empty(), List.of()));
        }
        Addresses addresses = parts.length == 6 ? addresses(parts) : null;
        return addresses == null
                ? new Malformed(1)
                : new Complete(1, length, new ProxyHeader(Optional.of(addresses), List.of()));
    }

    /** How long the line is with its end; 0 if that has not come. */
    private static int endOfLine(ByteBuf bytes) {
        int most = Math.min(bytes.readableBytes(), FIRST_BYTES);
        for (int i = 1; i < most; i++) {
            int at = bytes.readerIndex() + i;
            if (bytes.getByte(at) == '\n' && bytes.getByte(at - 1) == '\r') {
                return i + 1;
            }
        }
        return 0;
    }

    private static @Nullable Addresses addresses(String[] parts) {
        boolean ipv4 = parts[1].equals("TCP4");
        if (!ipv4 && !parts[1].equals("TCP6")) {
            return null;
        }
        InetSocketAddress source = address(parts[2], parts[4], ipv4);
        InetSocketAddress destination = address(parts[3], parts[5], ipv4);
        return source == null || destination == null ? null : checked(source, destination);
    }

    private static @Nullable InetSocketAddress address(String ip, String port, boolean ipv4) {
        boolean valid = ipv4 ? isDottedQuad(ip) : NetUtil.isValidIpV6Address(ip);
        int number = port(port);
        if (!valid || number < 0 || ip.indexOf('[') >= 0) {
            return null;
        }
        try {
            byte[] octets = NetUtil.createByteArrayFromIpAddressString(ip);
            return octets == null ? null : new InetSocketAddress(InetAddress.getByAddress(octets), number);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /** Without leading zeros, which some take for octal. */
    private static boolean isDottedQuad(String ip) {
        for (int at = 0; at < ip.length() - 1; at++) {
            boolean first = at == 0 || ip.charAt(at - 1) == '.';
            if (first && ip.charAt(at) == '0' && ip.charAt(at + 1) != '.') {
                return false;
            }
        }
        return NetUtil.isValidIpV4Address(ip);
    }

    private static int port(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        int port = 0;
        for (int i = text.startsWith("+") ? 1 : 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            port = port * 10 + digit;
        }
        return port > 65535 ? -1 : port;
    }

    /** Null unless both could be the two sides of a connection. */
    private static @Nullable Addresses checked(InetSocketAddress source, InetSocketAddress destination) {
        return isUnicast(source.getAddress()) && isUnicast(destination.getAddress())
                ? new Addresses(source, destination)
                : null;
    }

    private static boolean isUnicast(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean broadcast = bytes.length == IPV4_BYTES && (bytes[0] & bytes[1] & bytes[2] & bytes[3]) == -1;
        return !address.isAnyLocalAddress() && !address.isMulticastAddress() && !broadcast;
    }

    // ---- version 2 ------------------------------------------------------------------------------------------------

    private static Parsed v2(ByteBuf bytes) {
        int at = bytes.readerIndex() + V2_SIGNATURE.length;
        int versionAndCommand = bytes.getUnsignedByte(at);
        int family = bytes.getUnsignedByte(at + 1);
        int rest = bytes.getUnsignedShort(at + 2);
        int addressBytes = addressBytes(versionAndCommand, family);
        if (addressBytes < 0 || addressBytes > rest) {
            return new Malformed(2);
        }
        int length = V2_HEADER_BYTES + rest;
        if (bytes.readableBytes() < length) {
            return new Incomplete(2, length);
        }
        ByteBuf content = bytes.slice(bytes.readerIndex() + V2_HEADER_BYTES, rest);
        Optional<Addresses> addresses = Optional.empty();
        if (addressBytes > 0) {
            Addresses told = addresses(content, (addressBytes - 2 * PORT_BYTES) / 2);
            if (told == null) {
                return new Malformed(2);
            }
            addresses = Optional.of(told);
        }
        List<Tlv> tlvs = versionAndCommand == LOCAL ? List.of() : tlvs(content);
        return tlvs == null ? new Malformed(2) : new Complete(2, length, new ProxyHeader(addresses, tlvs));
    }

    /** How many bytes the addresses take; negative for what cannot be. */
    private static int addressBytes(int versionAndCommand, int family) {
        if (versionAndCommand == LOCAL) {
            return 0;
        }
        if (versionAndCommand != PROXY) {
            return -1;
        }
        return switch (family) {
            case TCP_OVER_IPV4, UDP_OVER_IPV4 -> 2 * (IPV4_BYTES + PORT_BYTES);
            case TCP_OVER_IPV6, UDP_OVER_IPV6 -> 2 * (IPV6_BYTES + PORT_BYTES);
            default -> -1;
        };
    }

    private static @Nullable Addresses addresses(ByteBuf content, int ipBytes) {
        byte[] source = new byte[ipBytes];
        byte[] destination = new byte[ipBytes];
        content.readBytes(source);
        content.readBytes(destination);
        int sourcePort = content.readUnsignedShort();
        int destinationPort = content.readUnsignedShort();
        try {
            return checked(
                    new InetSocketAddress(InetAddress.getByAddress(source), sourcePort),
                    new InetSocketAddress(InetAddress.getByAddress(destination), destinationPort));
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /** Null if a length is wrong. */
    private static @Nullable List<Tlv> tlvs(ByteBuf content) {
        List<Tlv> tlvs = new ArrayList<>();
        while (content.isReadable()) {
            if (content.readableBytes() < TLV_HEADER_BYTES) {
                return null;
            }
            int type = content.readUnsignedByte();
            int length = content.readUnsignedShort();
            if (content.readableBytes() < length) {
                return null;
            }
            byte[] value = new byte[length];
            content.readBytes(value);
            tlvs.add(new Tlv(type, value));
        }
        return tlvs;
    }
}
