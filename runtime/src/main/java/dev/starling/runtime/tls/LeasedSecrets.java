package dev.starling.runtime.tls;

import dev.starling.config.tls.CertificateSource;
import dev.starling.config.tls.CommonTls;
import dev.starling.config.tls.DownstreamTls;
import dev.starling.config.tls.DownstreamTls.Tickets;
import dev.starling.config.tls.PartialValidation;
import dev.starling.config.tls.PeerValidation;
import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.config.tls.TlsProblem;
import dev.starling.config.tls.TlsSecrets;
import dev.starling.config.tls.UpstreamTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The secrets that one holder's configuration names, and what it comes to with them. Any thread. */
final class LeasedSecrets {

    private static final Logger log = LoggerFactory.getLogger(LeasedSecrets.class);

    private final Map<SdsSecret, SecretSource.Lease> leases = new ConcurrentHashMap<>();

    /** @param changed run when it may come to something else */
    void begin(Stream<SdsSecret> named, SecretSource source, Runnable changed) {
        named.distinct().forEach(secret -> leases.put(secret, source.lease(secret, changed)));
    }

    /** Complete when all have come, or not come in time. */
    CompletionStage<Void> answered() {
        return CompletableFuture.allOf(leases.values().stream()
                .map(lease -> lease.answered().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    void end() {
        leases.values().forEach(SecretSource.Lease::end);
        leases.clear();
    }

    /** Empty while what is needed has not come; ticket keys are not needed. */
    Optional<DownstreamTls> fill(DownstreamTls config) throws TlsProblem {
        Tickets tickets = config.tickets() instanceof Tickets.Named(var secret)
                ? find(secret, Secret.TicketKeys.class)
                        .<Tickets>map(come -> new Tickets.Keys(come.keys()))
                        .orElse(Tickets.Kind.OWN_KEY)
                : config.tickets();
        return fill(config.common()).map(common -> config.with(common, tickets));
    }

    /** Empty while what is needed has not come. */
    Optional<UpstreamTls> fill(UpstreamTls config) throws TlsProblem {
        return fill(config.common()).map(config::with);
    }

    private Optional<CommonTls> fill(CommonTls config) throws TlsProblem {
        TlsSecrets named = config.secrets();
        List<CertificateSource> certificates = new ArrayList<>(config.certificates());
        for (SdsSecret secret : named.certificates()) {
            find(secret, Secret.Certificate.class).ifPresent(come -> certificates.add(come.source()));
        }
        if (certificates.isEmpty() && !named.certificates().isEmpty()) {
            return Optional.empty();
        }
        Optional<PeerValidation> validation = config.validation();
        if (named.validation().isPresent()) {
            Optional<Secret.Validation> come = find(named.validation().get(), Secret.Validation.class);
            if (come.isEmpty()) {
                return Optional.empty();
            }
            PartialValidation rules = come.get().rules();
            validation = Optional.of(
                    (named.defaults().isPresent() ? rules.over(named.defaults().get()) : rules).rules());
        }
        return Optional.of(new CommonTls(config.parameters(), certificates, validation, config.alpnProtocols()));
    }

    private <S extends Secret> Optional<S> find(SdsSecret named, Class<S> kind) {
        SecretSource.Lease lease = leases.get(named);
        Optional<Secret> current = lease == null ? Optional.empty() : lease.current();
        if (current.isPresent() && !kind.isInstance(current.get())) {
            log.warn("secret '{}' is no {}", named.name(), kind.getSimpleName());
        }
        return current.filter(kind::isInstance).map(kind::cast);
    }
}
