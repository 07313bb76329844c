package dev.starling.runtime.control.secret;

import dev.starling.config.tls.SdsSecret;
import dev.starling.config.tls.Secret;
import dev.starling.runtime.stats.Counter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Where a secret in service is read. Written by the manager only; any thread. */
final class SecretSlot {

    final SdsSecret named;
    final Counter keyRotationFailed;
    /** Those who are to be told of a change. */
    final List<Runnable> users = new CopyOnWriteArrayList<>();

    final CompletableFuture<Void> answered = new CompletableFuture<>();
    volatile @Nullable Secret current;

    SecretSlot(SdsSecret named, Counter keyRotationFailed) {
        this.named = named;
        this.keyRotationFailed = keyRotationFailed;
    }
}
