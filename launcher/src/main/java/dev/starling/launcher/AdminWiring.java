package dev.starling.launcher;

import dev.starling.admin.ActorInspector;
import dev.starling.admin.AdminActions;
import dev.starling.admin.AdminContext;
import dev.starling.admin.ListenerView;
import dev.starling.admin.LogLevels;
import dev.starling.config.Address;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.launcher.log.LogLevel;
import dev.starling.launcher.log.Logging;
import dev.starling.runtime.Server;
import dev.starling.runtime.control.Guardian;
import dev.starling.runtime.control.layered.RuntimeManager.ModifyResult;
import dev.starling.runtime.control.listener.ListenerManager.DrainListeners;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the admin API sees and does, in terms of the server and the process. */
final class AdminWiring {

    private static final Logger LOG = LoggerFactory.getLogger(AdminWiring.class);

    private AdminWiring() {}

    static AdminContext context(
            LoadedBootstrap loaded, Options options, Logging logging, Server server, AdminContext.Bridges bridges) {
        return new AdminContext(
                new AdminContext.Identity(
                        Version.current().inEnvoysShape(),
                        ShownOptions.of(options),
                        server.proxy().clock().nanoTime()),
                loaded,
                server.views().state(),
                server.views().stats(),
                server.views().clusters(),
                server.views().runtime(),
                server.views().held(),
                server.views().tls(),
                () -> server.views().listeners().views().stream()
                        .filter(view -> !view.localAddresses().isEmpty())
                        .map(view -> new ListenerView(
                                view.name(),
                                view.config(),
                                view.localAddresses().stream()
                                        .map(AdminWiring::address)
                                        .toList()))
                        .toList(),
                new UnreadyTargets(loaded.bootstrap(), server.views()),
                new Actions(server, logging),
                new Levels(logging),
                ActorInspector.of(
                        server.system(),
                        Guardian.Command.class,
                        server.system().scheduler(),
                        ActorInspector.Settings.DEFAULT),
                server.proxy().clock(),
                bridges);
    }

    private static Address address(SocketAddress bound) {
        return bound instanceof InetSocketAddress ip
                ? Address.Socket.of(ip.getAddress().getHostAddress(), ip.getPort())
                : new Address.Pipe(bound.toString(), 0);
    }

    private record Actions(Server server, Logging logging) implements AdminActions {

        @Override
        public void drainListeners(Drain drain) {
            server.drain(new DrainListeners(drain.inboundOnly(), drain.graceful(), drain.skipExit()));
        }

        @Override
        public void failHealthCheck() {
            server.failHealthCheck(true);
        }

        @Override
        public void passHealthCheck() {
            server.failHealthCheck(false);
        }

        @Override
        public CompletionStage<Optional<String>> modifyRuntime(Map<String, String> values) {
            return server.modifyRuntime(values).thenApply(result -> switch (result) {
                case ModifyResult.Modified _ -> Optional.empty();
                case ModifyResult.Refused(var reason) -> Optional.of(reason);
            });
        }

        @Override
        public void reopenLogs() {
            server.proxy().accessLogging().writer().reopen();
            try {
                logging.reopen();
            } catch (IOException failure) {
                LOG.error("cannot open the log anew", failure);
            }
        }

        @Override
        public void quit() {
            server.shutdown(Duration.ZERO);
        }
    }

    private record Levels(Logging logging) implements LogLevels {

        @Override
        public SortedMap<String, String> levels() {
            SortedMap<String, String> names = new TreeMap<>();
            logging.levels().forEach((component, level) -> names.put(component, name(level)));
            return names;
        }

        @Override
        public void setAll(String level) {
            logging.setAll(level(level));
        }

        @Override
        public void set(String logger, String level) {
            logging.set(logger, level(level));
        }

        private static String name(LogLevel level) {
            return level.name().toLowerCase(Locale.ROOT);
        }

        private static LogLevel level(String name) {
            return LogLevel.valueOf(name.toUpperCase(Locale.ROOT));
        }
    }
}
