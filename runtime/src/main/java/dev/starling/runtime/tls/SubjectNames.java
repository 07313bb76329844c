package dev.starling.runtime.tls;

import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.tls.PeerValidation.SanMatcher;
import dev.starling.config.tls.PeerValidation.SanType;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The alternative names of certificates. */
final class SubjectNames {

    private SubjectNames() {}

    /** In the order of the certificate; none of a certificate whose names cannot be read. */
    static List<String> of(X509Certificate certificate, SanType type) {
        return of(certificate, EnumSet.of(type));
    }

    /** Of all types. */
    static List<String> all(X509Certificate certificate) {
        return of(certificate, EnumSet.allOf(SanType.class));
    }

    private static int tag(SanType type) {
        return switch (type) {
            case EMAIL -> 1;
            case DNS -> 2;
            case URI -> 6;
            case IP_ADDRESS -> 7;
        };
    }

    private static List<String> of(X509Certificate certificate, Set<SanType> types) {
        Set<Object> tags = types.stream().map(SubjectNames::tag).collect(Collectors.toSet());
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (tags.contains(name.get(0)) && name.get(1) instanceof String text) {
                        names.add(text);
                    }
                }
            }
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
        return names;
    }

    /** Whether it is for a host of this name, which may be an address. */
    static boolean isFor(X509Certificate certificate, String host) {
        return of(certificate, SanType.DNS).stream().anyMatch(name -> dnsMatches(name, host))
                || of(certificate, EnumSet.of(SanType.URI, SanType.IP_ADDRESS)).contains(host);
    }

    /** Whether one of the matchers takes one of the names. */
    static boolean matchAny(X509Certificate certificate, List<SanMatcher> matchers) {
        for (SanMatcher matcher : matchers) {
            for (String name : of(certificate, matcher.type())) {
                if (matches(matcher, name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** An exact DNS name is compared as host names are: the certificate's may be a wildcard. */
    private static boolean matches(SanMatcher matcher, String name) {
        if (matcher.type() == SanType.DNS && matcher.matcher() instanceof StringMatcher.Exact exact) {
            return dnsMatches(name, exact.text());
        }
        return matcher.matcher().matches(name);
    }

    /** RFC 6125: a wildcard stands for one label, or for the rest of the first one. */
    static boolean dnsMatches(String pattern, String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        String offered = pattern.toLowerCase(Locale.ROOT);
        if (offered.equals(wanted)) {
            return true;
        }
        int dot = offered.indexOf('.');
        int star = offered.indexOf('*');
        if (star < 0 || dot < 0 || star > dot || offered.indexOf('*', star + 1) >= 0) {
            return false;
        }
        int wantedDot = wanted.indexOf('.');
        String prefix = offered.substring(0, star);
        String suffix = offered.substring(star + 1, dot);
        return wantedDot >= prefix.length() + suffix.length() + 1
                && !wanted.startsWith("xn--")
                && wanted.startsWith(prefix)
                && wanted.startsWith(suffix, wantedDot - suffix.length())
                && wanted.substring(wantedDot).equals(offered.substring(dot));
    }
}
