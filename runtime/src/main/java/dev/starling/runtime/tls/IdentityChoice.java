package dev.starling.runtime.tls;

import dev.starling.config.tls.DownstreamTls.OcspPolicy;
import dev.starling.config.tls.Identity;
import dev.starling.config.tls.OcspResponse;
import dev.starling.config.tls.PeerValidation.SanType;
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
     * The number of the certificate, or -1 if there is none that this client may have.
     *
     * @param serverName as the client asks for; null if it does not
     * @param takes whether the client takes a key of this algorithm
     */
    int choose(@Nullable String serverName, Predicate<String> takes) {
        Instant now = clock.instant();
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        int exact = best(byName.get(name), takes, now);
        if (exact >= 0) {
            return exact;
        }
        int dot = name.indexOf('.', 1);
        int wildcard = dot > 0 ? best(byName.get(name.substring(dot)), takes, now) : -1;
        if (wildcard >= 0) {
            return wildcard;
        }
        if (fullScan || name.isEmpty()) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < identities.size(); i++) {
                all.add(i);
            }
            int any = best(all, takes, now);
            if (any >= 0) {
                return any;
            }
        }
        return usable(identities.getFirst(), now) ? 0 : -1;
    }

    private int best(@Nullable List<Integer> candidates, Predicate<String> takes, Instant now) {
        int found = -1;
        if (candidates == null) {
            return found;
        }
        for (int candidate : candidates) {
            Identity identity = identities.get(candidate);
            String algorithm = identity.key().getAlgorithm();
            if (!takes.test(algorithm) || !usable(identity, now)) {
                continue;
            }
            if (algorithm.equals("EC")) {
                return candidate;
            }
            found = found < 0 ? candidate : found;
        }
        return found;
    }

    private boolean usable(Identity identity, Instant now) {
        boolean missing = identity.ocspResponse().isEmpty();
        boolean expired =
                identity.ocspResponse().map(response -> response.expired(now)).orElse(false);
        return switch (ocspPolicy) {
            case LENIENT_STAPLING -> true;
            case STRICT_STAPLING -> !expired;
            case MUST_STAPLE -> !missing && !expired;
        };
    }

    /** What is to be stapled to this certificate; null for nothing. */
    byte @Nullable [] staple(int identity) {
        return identities
                .get(identity)
                .ocspResponse()
                .filter(response -> !response.expired(clock.instant()))
                .map(OcspResponse::der)
                .orElse(null);
    }
}
