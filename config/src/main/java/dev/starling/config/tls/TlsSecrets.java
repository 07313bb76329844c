package dev.starling.config.tls;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@code CommonTlsContext} only names, to be had from elsewhere.
 *
 * @param certificates beside those that are given; never beside any in a server
 * @param validation absent: the rules are given, or there are none
 * @param defaults what the rules are laid over; only with {@code validation}
 */
public record TlsSecrets(
        List<SdsSecret> certificates, Optional<SdsSecret> validation, Optional<PartialValidation> defaults) {

    public static final TlsSecrets NONE = new TlsSecrets(List.of(), Optional.empty(), Optional.empty());

    public TlsSecrets {
        certificates = List.copyOf(certificates);
    }

    public Stream<SdsSecret> all() {
        return Stream.concat(certificates.stream(), validation.stream());
    }
}
