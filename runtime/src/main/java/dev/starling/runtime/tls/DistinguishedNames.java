package dev.starling.runtime.tls;

import java.util.Map;
import javax.security.auth.x500.X500Principal;

/** Names of subjects and issuers as OpenSSL writes them by RFC 2253: with short names where Java has numbers. */
final class DistinguishedNames {

    private static final Map<String, String> KEYWORDS = Map.of("1.2.840.113549.1.9.1", "emailAddress");

    private DistinguishedNames() {}

    static String text(X500Principal principal) {
        return principal.getName(X500Principal.RFC2253, KEYWORDS);
    }
}
