package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls.OcspPolicy;
import dev.starling.config.tls.Identity;
import dev.starling.config.tls.PeerValidation.SanType;
import dev.starling.runtime.tls.HandshakeNotes.Staple;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among the certificates of a server as Envoy does: those for the exact name that the client asks for, then those
 * with a wildcard for it, then the first, or all; of these, one of elliptic curves if the client can take it.
 */
final class IdentityChoice {

    private final List<Identity> identities;
    private final Map<String, List<Integer>> byName = new HashMap<>();
    private final boolean fullScan;
    private final OcspPolicy ocspPolicy;
    private final InstantSource clock;

    IdentityChoice(List<Identity> identities, boolean fullScan, OcspPolicy ocspPolicy, InstantSource clock) {
        this.identities = List.copyOf(identities);
        this.fullScan = fullScan;
        this.ocspPolicy = ocspPolicy;
        this.clock = clock;
        for (int i = 0; i < identities.size(); i++) {
            for (String name : names(identities.get(i))) {
                byName.computeIfAbsent(name, n -> new ArrayList<>()).add(i);
            }
        }
    }

    /** The common name counts where there are no alternative ones; a wildcard is kept as {@code .example.com}. */
    private static List<String> names(Identity identity) {
        List<String> names = SubjectNames.of(identity.certificate(), SanType.DNS);
        if (names.isEmpty()) {
            names = commonName(identity);
        }
        return names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .map(name -> name.startsWith("*.") ? name.substring(1) : name)
                .distinct()
                .toList();
    }

    private static List<String> commonName(Identity identity) {
        try {
            String subject = identity.certificate().getSubjectX500Principal().getName();
            return new LdapName(subject)
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .limit(1)
                            .toList();
        } catch (InvalidNameException unreadable) {
            return List.of();
        }
    }

    List<Identity> identities() {
        return identities;
    }

    /**
     * The number of the certificate; the first if there is none for this client.
     *
     * @param serverName as the client asks for; null if it does not
     * @param takes whether the client takes a certificate
     * @param ocsp whether the client asks for an OCSP response
     */
    int choose(@Nullable String serverName, Predicate<Identity> takes, boolean ocsp) {
        Instant now = clock.instant();
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        int exact = best(byName.get(name), takes, ocsp, now);
        if (exact >= 0) {
            return exact;
        }
        int dot = name.indexOf('.', 1);
        int wildcard = dot > 0 ? best(byName.get(name.substring(dot)), takes, ocsp, now) : -1;
        if (wildcard >= 0) {
            return wildcard;
        }
        if (fullScan || name.isEmpty()) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < identities.size(); i++) {
                all.add(i);
            }
            int any = best(all, takes, ocsp, now);
            if (any >= 0) {
                return any;
            }
        }
        return 0;
    }

    private int best(@Nullable List<Integer> candidates, Predicate<Identity> takes, boolean ocsp, Instant now) {
        int found = -1;
        if (candidates == null) {
            return found;
        }
        for (int candidate : candidates) {
            Identity identity = identities.get(candidate);
            if (!takes.test(identity) || (ocsp && staple(identity, now) == Staple.FAILED)) {
                continue;
            }
            if (identity.key().getAlgorithm().equals("EC")) {
                return candidate;
            }
            found = found < 0 ? candidate : found;
        }
        return found;
    }

    /** What becomes of the OCSP response of a certificate, for a client that asks for it. */
    Staple staple(int identity) {
        return staple(identities.get(identity), clock.instant());
    }

    private Staple staple(Identity identity, Instant now) {
        boolean missing = identity.ocspResponse().isEmpty();
        if (!missing && !identity.ocspResponse().get().expired(now)) {
            return Staple.SENT;
        }
        OcspPolicy policy = identity.mustStaple() ? OcspPolicy.MUST_STAPLE : ocspPolicy;
        return switch (policy) {
            case LENIENT_STAPLING -> Staple.OMITTED;
            case STRICT_STAPLING -> missing ? Staple.OMITTED : Staple.FAILED;
            case MUST_STAPLE -> Staple.FAILED;
        };
    }
}
