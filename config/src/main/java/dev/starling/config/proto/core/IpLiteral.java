package dev.starling.config.proto.core;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** Reads and writes IP addresses in the forms that Envoy takes and prints; never resolves a name. */
public final class IpLiteral {

    private IpLiteral() {}

    /** Four decimal numbers without leading zeros, or IPv6 without brackets. */
    public static Optional<InetAddress> parse(String text) {
        if (text.indexOf(':') >= 0) {
            return parseIpv6(text);
        }
        return isDottedQuad(text) ? Optional.of(Inet4Address.ofLiteral(text)) : Optional.empty();
    }

    /** As Envoy prints it, by RFC 5952: the longest run of zero groups becomes {@code ::}. */
    public static String display(InetAddress address) {
        if (!(address instanceof Inet6Address ipv6)) {
            return address.getHostAddress();
        }
        int[] groups = groups(ipv6.getAddress());
        int start = longestZeroRun(groups);
        int end = start + zeroRun(groups, start);
        var text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == start && end - start > 1) {
                text.append("::");
                i = end - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        if (ipv6.getScopeId() != 0) {
            text.append('%').append(ipv6.getScopeId());
        }
        return text.toString();
    }

    private static Optional<InetAddress> parseIpv6(String text) {
        if (text.startsWith("[")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Inet6Address.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Stricter than {@code ofLiteral}, which takes 127.1 and 0177.0.0.1 as inet_aton did. */
    private static boolean isDottedQuad(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (!isByte(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isByte(String part) {
        if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
            return false;
        }
        int value = 0;
        for (int i = 0; i < part.length(); i++) {
            int digit = part.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        return value <= 255;
    }

    private static int[] groups(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        return groups;
    }

    private static int longestZeroRun(int[] groups) {
        int best = 0;
        for (int i = 1; i < groups.length; i++) {
            if (zeroRun(groups, i) > zeroRun(groups, best)) {
                best = i;
            }
        }
        return best;
    }

    private static int zeroRun(int[] groups, int from) {
        int end = from;
        while (end < groups.length && groups[end] == 0) {
            end++;
        }
        return end - from;
    }
}
