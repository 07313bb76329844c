package dev.starling.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.starling.config.bootstrap.Bootstrap;
import dev.starling.config.proto.ExtensionRegistry;
import dev.starling.runtime.accesslog.AccessLogSettings;
import dev.starling.runtime.listener.DrainOptions;
import dev.starling.runtime.time.Clock;

/**
 * What a server is started with.
 *
 * @param concurrency event loops, from 1
 * @param serve false: only as far as it could serve, as {@code --mode init_only}
 * @param seed of everything that is left to chance
 * @param accessLogs how access log lines are gathered and flushed
 * @param actors settings of the actor system that go before those of the server, such as the admin server's
 * @param dynamic how resources of control planes are read
 */
public record ServerOptions(
        Bootstrap bootstrap,
        ExtensionRegistry extensions,
        int concurrency,
        DrainOptions draining,
        boolean serve,
        Clock clock,
        long seed,
        AccessLogSettings accessLogs,
        Config actors,
        DynamicReading dynamic) {

    public ServerOptions {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency below 1: " + concurrency);
        }
    }

    /** One event loop, Envoy's drain options, the system's clock and a seed of it. */
    public static ServerOptions of(Bootstrap bootstrap, ExtensionRegistry extensions) {
        return new ServerOptions(
                bootstrap,
                extensions,
                1,
                DrainOptions.DEFAULT,
                true,
                Clock.SYSTEM,
                Clock.SYSTEM.nanoTime(),
                AccessLogSettings.DEFAULT,
                ConfigFactory.empty(),
                DynamicReading.of(extensions));
    }

    public ServerOptions withConcurrency(int loops) {
        return new ServerOptions(
                bootstrap, extensions, loops, draining, serve, clock, seed, accessLogs, actors, dynamic);
    }

    public ServerOptions withDraining(DrainOptions options) {
        return new ServerOptions(
                bootstrap, extensions, concurrency, options, serve, clock, seed, accessLogs, actors, dynamic);
    }

    public ServerOptions withServe(boolean toServe) {
        return new ServerOptions(
                bootstrap, extensions, concurrency, draining, toServe, clock, seed, accessLogs, actors, dynamic);
    }

    public ServerOptions withSeed(long newSeed) {
        return new ServerOptions(
                bootstrap, extensions, concurrency, draining, serve, clock, newSeed, accessLogs, actors, dynamic);
    }

    public ServerOptions withAccessLogs(AccessLogSettings settings) {
        return new ServerOptions(
                bootstrap, extensions, concurrency, draining, serve, clock, seed, settings, actors, dynamic);
    }

    public ServerOptions withActors(Config settings) {
        return new ServerOptions(
                bootstrap, extensions, concurrency, draining, serve, clock, seed, accessLogs, settings, dynamic);
    }

    public ServerOptions withDynamic(DynamicReading reading) {
        return new ServerOptions(
                bootstrap, extensions, concurrency, draining, serve, clock, seed, accessLogs, actors, reading);
    }
}
