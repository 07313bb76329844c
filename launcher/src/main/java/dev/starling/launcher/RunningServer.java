package dev.starling.launcher;

import dev.starling.admin.AdminServer;
import dev.starling.runtime.Server;
import dev.starling.runtime.listener.ListenerView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A server and its admin server as one. */
final class RunningServer implements RunningProxy {

    private final Server server;
    private final Optional<AdminServer> admin;
    private final CompletionStage<Void> ended;

    RunningServer(Server server, Optional<AdminServer> admin) {
        this.server = server;
        this.admin = admin;
        this.ended = server.ended()
                .thenCompose(over -> admin.isPresent() ? admin.get().stop().thenAccept(done -> {}) : server.ended());
    }

    @Override
    public Optional<InetSocketAddress> adminAddress() {
        return admin.map(AdminServer::address);
    }

    @Override
    public InetSocketAddress listenerAddress(String listener) {
        for (ListenerView view : server.views().listeners().views()) {
            if (view.name().equals(listener)
                    && !view.localAddresses().isEmpty()
                    && view.localAddresses().getFirst() instanceof InetSocketAddress address) {
                return address;
            }
        }
        throw new IllegalStateException("no listener " + listener);
    }

    @Override
    public void stop(Duration grace) {
        server.shutdown(grace);
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended;
    }

    @Override
    public void reopenAccessLogs() throws IOException {
        server.proxy().accessLogging().writer().reopen();
    }
}
