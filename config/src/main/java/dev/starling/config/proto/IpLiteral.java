package dev.starling.config.proto;

import com.google.re2j.Pattern;
import java.net.Inet4Address;
import java.net.Inet6Address;

/** Tells addresses from names without asking a resolver. */
public final class IpLiteral {

    /** The JDK would also take one to three parts. */
    private static final Pattern FOUR_PARTS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");

    private IpLiteral() {}

    public static boolean isAddress(String text) {
        return isIpv4(text) || isIpv6(text);
    }

    public static boolean isIpv4(String text) {
        return FOUR_PARTS.matches(text) && parses(() -> Inet4Address.ofLiteral(text));
    }

    /** Without brackets and zone. */
    public static boolean isIpv6(String text) {
        return text.indexOf(':') >= 0
                && text.indexOf('[') < 0
                && text.indexOf('%') < 0
                && parses(() -> Inet6Address.ofLiteral(text));
    }

    private static boolean parses(Runnable parse) {
        try {
            parse.run();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
