package dev.starling.runtime.tls;

import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where secrets are had from that a configuration only names. Any thread. */
@FunctionalInterface
public interface SecretSource {

    /** @param changed run after each change of what is in service, from any thread, until the lease ends; a little longer too */
    Lease lease(SdsSecret secret, Runnable changed);

    interface Lease {

        /** What is in service: everything it is made of is inside. Empty while nothing has come. */
        Optional<Secret> current();

        /** Complete when it has come and whoever leases it was told, or when nothing has come in time. */
        CompletionStage<Void> answered();

        /** It is used no more. */
        void end();
    }
}
