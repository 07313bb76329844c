package dev.starling.launcher;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Says that it runs, at addresses that others serve, and keeps what it was asked. */
final class FakeProxy implements RunningProxy {

    final List<Duration> graces = new ArrayList<>();
    final CompletableFuture<Void> end = new CompletableFuture<>();
    private final InetSocketAddress address;
    private final Optional<InetSocketAddress> admin;

    FakeProxy(InetSocketAddress address, Optional<InetSocketAddress> admin) {
        this.address = address;
        this.admin = admin;
    }

    @Override
    public Optional<InetSocketAddress> adminAddress() {
        return admin;
    }

    @Override
    public InetSocketAddress listenerAddress(String listener) {
        return address;
    }

    @Override
    public void stop(Duration grace) {
        graces.add(grace);
        end.complete(null);
    }

    @Override
    public CompletionStage<Void> ended() {
        return end;
    }

    @Override
    public void reopenAccessLogs() {}
}
