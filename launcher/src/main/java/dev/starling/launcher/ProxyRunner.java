package dev.starling.launcher;

import ch.qos.logback.classic.LoggerContext;
import dev.starling.admin.AdminContext;
import dev.starling.config.InvalidConfigException;
import dev.starling.config.Problem;
import dev.starling.config.proto.LoadedBootstrap;
import dev.starling.launcher.Options.Mode;
import dev.starling.launcher.demo.Demo;
import dev.starling.launcher.log.Logging;
import dev.starling.launcher.training.Training;
import dev.starling.runtime.time.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the command line asks for in this process, of which it owns the log and the signals. */
final class ProxyRunner implements Runner {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyRunner.class);
    private static final int OK = 0;

    private final BootstrapLoader loader;
    private final ProxyStarter starter;
    private final PrintStream out;
    private final PrintStream err;

    ProxyRunner(BootstrapLoader loader, ProxyStarter starter, PrintStream out, PrintStream err) {
        this.loader = loader;
        this.starter = starter;
        this.out = out;
        this.err = err;
    }

    @Override
    public int validate(Options options) throws InvalidConfigException, IOException {
        startLog(options, Optional.empty()); // as Envoy: whoever checks a command line need not have its log's folder
        warn(loader.load(options));
        return OK;
    }

    @Override
    public int printConfig(Options options) throws InvalidConfigException, IOException {
        startLog(options);
        var loaded = loader.load(options);
        warn(loaded);
        out.print(loaded.yaml());
        return OK;
    }

    @Override
    public int serve(Options options) throws InvalidConfigException, IOException {
        var logging = startLog(options);
        return run(loader.load(options), options, logging, AdminContext.Bridges.AS_SET, proxy -> {});
    }

    @Override
    public int demo(DemoOptions options) throws InvalidConfigException, IOException {
        var logging = startLog(options.common());
        try (var demo = Demo.start()) {
            var loaded = loader.load(demo.bootstrap(options.port(), options.adminPort()), options.common());
            return run(
                    loaded,
                    options.common(),
                    logging,
                    new AdminContext.Bridges(true),
                    proxy -> demo.explain(
                            proxy.listenerAddress(Demo.LISTENER),
                            proxy.listenerAddress(Demo.TLS_LISTENER),
                            proxy.adminAddress(),
                            out));
        }
    }

    @Override
    public int train(Options options) throws InvalidConfigException, IOException {
        return train(options, Training.Visits.MANY);
    }

    int train(Options options, Training.Visits visits) throws InvalidConfigException, IOException {
        var logging = startLog(options);
        try (var training = Training.prepare(visits, Clock.SYSTEM)) {
            var behind = starter.start(
                    loader.load(training.behind(), options), options, logging, AdminContext.Bridges.AS_SET);
            try {
                var bootstrap = training.visited(behind::listenerAddress);
                var visited =
                        starter.start(loader.load(bootstrap, options), options, logging, AdminContext.Bridges.AS_SET);
                try {
                    training.visit(visited::listenerAddress, visited.adminAddress());
                } finally {
                    end(visited);
                }
            } finally {
                end(behind);
            }
        }
        return OK;
    }

    private static void end(RunningProxy proxy) {
        proxy.stop(Duration.ofSeconds(1));
        waitFor(proxy);
    }

    /** What to say or do once it runs. */
    @FunctionalInterface
    private interface Greeting {
        void greet(RunningProxy proxy) throws IOException;
    }

    private int run(
            LoadedBootstrap loaded, Options options, Logging logging, AdminContext.Bridges bridges, Greeting greeting)
            throws IOException {
        warn(loaded);
        var stopping = new Stopping(
                options.draining().shutdownGrace(), () -> Runtime.getRuntime().halt(OK));
        Signals.handle("TERM", stopping::signal);
        Signals.handle("INT", stopping::signal);
        Signals.handle("HUP", name -> LOG.info("ignored SIGHUP"));

        var proxy = starter.start(loaded, options, logging, bridges);
        stopping.started(proxy);
        Signals.handle("USR1", name -> reopenLogs(proxy, logging));
        if (options.mode() == Mode.INIT_ONLY) {
            proxy.stop(Duration.ZERO);
        } else {
            greeting.greet(proxy);
        }
        waitFor(proxy);
        LOG.info("exiting");
        return OK;
    }

    private static void waitFor(RunningProxy proxy) {
        proxy.ended().toCompletableFuture().join();
    }

    private static void reopenLogs(RunningProxy proxy, Logging logging) {
        try {
            logging.reopen();
            proxy.reopenAccessLogs();
        } catch (IOException e) {
            LOG.error("cannot open a log file anew", e);
        }
    }

    private Logging startLog(Options options) throws IOException {
        return startLog(options, options.log().path());
    }

    private Logging startLog(Options options, Optional<Path> path) throws IOException {
        var log = options.log();
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return Logging.start(context, log.format(), path, err, log.level(), log.components());
    }

    private static void warn(LoadedBootstrap loaded) {
        for (Problem warning : loaded.warnings()) {
            LOG.warn("{}", warning);
        }
    }
}
