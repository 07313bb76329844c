package dev.starling.launcher;

import dev.starling.admin.AdminContext;
import dev.starling.admin.AdminServer;
import dev.starling.config.ByteCount;
import dev.starling.config.bootstrap.Admin;
import dev.starling.config.proto.ConfigLoader;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.config.proto.UnknownFields;
import dev.starling.launcher.log.Logging;
import dev.starling.runtime.DynamicReading;
import dev.starling.runtime.Server;
import dev.starling.runtime.ServerOptions;
import dev.starling.runtime.accesslog.AccessLogSettings;
import dev.starling.runtime.listener.DrainOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Starts a {@link Server} and, where the bootstrap wants it, its admin server. */
final class ServerStarter implements ProxyStarter {

    private final ExtensionRegistry extensions;
    private final ConfigLoader loader;

    ServerStarter(ExtensionRegistry extensions, ConfigLoader loader) {
        this.extensions = extensions;
        this.loader = loader;
    }

    @Override
    public RunningProxy start(LoadedBootstrap loaded, Options options, Logging logging, AdminContext.Bridges bridges)
            throws IOException {
        Server server = Server.create(serverOptions(loaded, options));
        CompletionStage<Optional<AdminServer>> admin =
                startAdmin(loaded.bootstrap().admin(), AdminWiring.context(loaded, options, logging, server, bridges));
        try {
            if (failed(admin)) {
                await(admin); // before a listener has accepted
            }
            CompletionStage<Server> serving = server.start();
            Optional<AdminServer> administered = await(admin);
            writeAdminAddress(administered.map(AdminServer::address), options);
            await(serving);
            return new RunningServer(server, administered);
        } catch (IOException failure) {
            admin.thenAccept(running -> running.ifPresent(AdminServer::stop));
            server.shutdown(Duration.ZERO).toCompletableFuture().join();
            throw failure;
        }
    }

    private static CompletionStage<Optional<AdminServer>> startAdmin(Optional<Admin> settings, AdminContext context) {
        return settings.isPresent()
                ? AdminServer.start(settings.get(), context).thenApply(Optional::of)
                : CompletableFuture.completedStage(Optional.empty());
    }

    /** For whoever configured port 0; before the start is over, which may wait for a control plane. */
    private static void writeAdminAddress(Optional<InetSocketAddress> address, Options options) throws IOException {
        if (options.adminAddressPath().isPresent() && address.isPresent()) {
            String host = address.get().getAddress().getHostAddress();
            String text = (host.contains(":") ? "[" + host + "]" : host) + ":"
                    + address.get().getPort();
            Files.writeString(options.adminAddressPath().get(), text);
        }
    }

    private static boolean failed(CompletionStage<?> stage) {
        return stage.toCompletableFuture().isCompletedExceptionally();
    }

    private ServerOptions serverOptions(LoadedBootstrap loaded, Options options) {
        Options.Draining draining = options.draining();
        DrainOptions.Strategy strategy = switch (draining.strategy()) {
            case GRADUAL -> DrainOptions.Strategy.GRADUAL;
            case IMMEDIATE -> DrainOptions.Strategy.IMMEDIATE;
        };
        Options.AccessLogFlush flush = options.accessLogFlush();
        return ServerOptions.of(loaded.bootstrap(), extensions)
                .withConcurrency(options.concurrency())
                .withDraining(new DrainOptions(draining.time(), strategy))
                .withDynamic(new DynamicReading(
                        () -> loader.withoutExtensions(options.disabledExtensions()), dynamicFields(options)))
                .withServe(options.mode() != Options.Mode.INIT_ONLY)
                .withAccessLogs(new AccessLogSettings(
                        AccessLogSettings.DEFAULT.ring(),
                        flush.interval(),
                        ByteCount.kibibytes(flush.minimumKilobytes())));
    }

    private static UnknownFields dynamicFields(Options options) {
        return options.unknownFields().rejectDynamic()
                ? UnknownFields.REJECT
                : options.unknownFields().ignoreDynamic() ? UnknownFields.IGNORE : UnknownFields.WARN;
    }

    /** The start has nothing else to do meanwhile; its failures are told in one line. */
    private static <T> T await(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
        }
    }
}
