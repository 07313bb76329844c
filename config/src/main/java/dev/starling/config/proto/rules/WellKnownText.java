package dev.starling.config.proto.rules;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.re2j.Pattern;
import dev.starling.config.proto.core.IpLiteral;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The {@code well_known} member of {@code StringRules}: addresses, names and header characters. */
final class WellKnownText {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Pattern MAILBOX = Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}");
    private static final Pattern HEADER_NAME = Pattern.compile(":?[0-9a-zA-Z!#$%&'*+-.^_|~`]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[^\\x00-\\x08\\x0A-\\x1F\\x7F]*");
    private static final Pattern NO_LINE_ENDS = Pattern.compile("[^\\x00\\x0A\\x0D]*");

    private WellKnownText() {}

    /** Null where the rules name none. */
    static @Nullable ValueRule of(RuleFields rules) {
        if (rules.optional("well_known_regex") instanceof EnumValueDescriptor regex) {
            // `strict` is true unless it says otherwise.
            return header(regex.getName(), !Boolean.FALSE.equals(rules.optional("strict")));
        }
        if (rules.isTrue("email")) {
            return rule(WellKnownText::isEmail, "must be an e-mail address");
        }
        if (rules.isTrue("hostname")) {
            return rule(WellKnownText::isHostname, "must be a host name");
        }
        if (rules.isTrue("ip")) {
            return rule(WellKnownText::isAddress, "must be an IP address");
        }
        if (rules.isTrue("ipv4")) {
            return rule(WellKnownText::isIpv4, "must be an IPv4 address");
        }
        if (rules.isTrue("ipv6")) {
            return rule(WellKnownText::isIpv6, "must be an IPv6 address");
        }
        if (rules.isTrue("address")) {
            return rule(text -> isHostname(text) || isAddress(text), "must be a host name or an IP address");
        }
        if (rules.isTrue("uri")) {
            return rule(text -> isUri(text, true), "must be an absolute URI");
        }
        if (rules.isTrue("uri_ref")) {
            return rule(text -> isUri(text, false), "must be a URI or a relative reference");
        }
        return rules.isTrue("uuid") ? rule(text -> UUID.matches(text), "must be a UUID") : null;
    }

    private static @Nullable ValueRule header(String regex, boolean isStrict) {
        return switch (regex) {
            case "HTTP_HEADER_NAME" ->
                rule(
                        text -> isStrict ? HEADER_NAME.matches(text) : NO_LINE_ENDS.matches(text),
                        "must be the name of an HTTP header");
            case "HTTP_HEADER_VALUE" ->
                rule(
                        text -> (isStrict ? HEADER_VALUE : NO_LINE_ENDS).matches(text),
                        "must be fit for the value of an HTTP header");
            default -> null;
        };
    }

    private static ValueRule rule(Predicate<String> isGood, String message) {
        return value -> isGood.test((String) value) ? null : message;
    }

    private static boolean isEmail(String text) {
        int at = text.lastIndexOf('@');
        return at > 0 && MAILBOX.matches(text.substring(0, at)) && isHostname(text.substring(at + 1));
    }

    private static boolean isHostname(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.length() > 253) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (label.length() > 63 || !LABEL.matches(label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAddress(String text) {
        return isIpv4(text) || isIpv6(text);
    }

    private static boolean isIpv4(String text) {
        return text.indexOf(':') < 0 && IpLiteral.parse(text).isPresent();
    }

    /** Without a zone, which means something on one machine only. */
    private static boolean isIpv6(String text) {
        return text.indexOf(':') >= 0
                && text.indexOf('%') < 0
                && IpLiteral.parse(text).isPresent();
    }

    private static boolean isUri(String text, boolean isAbsolute) {
        try {
            return new URI(text).isAbsolute() || !isAbsolute;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
