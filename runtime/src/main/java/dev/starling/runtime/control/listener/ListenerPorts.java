package dev.starling.runtime.control.listener;

import dev.starling.runtime.ProxyContext;
import dev.starling.runtime.control.discovery.Resources;
import dev.starling.runtime.control.extension.ExtensionBook;
import dev.starling.runtime.control.route.RouteBook;
import dev.starling.runtime.listener.DrainOptions;
import dev.starling.runtime.listener.ListenerDirectory;
import dev.starling.runtime.listener.ListenerTable;
import dev.starling.runtime.listener.ListeningSockets;
import dev.starling.runtime.listener.ServerDrain;
import dev.starling.runtime.stats.Gauge;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the actors of listeners reach of the world.
 *
 * @param table where the listeners in service are published
 * @param directory where a listener finds others by their address
 * @param connections {@code server.total_connections}
 * @param connectionIds of the whole server
 */
public record ListenerPorts(
        ProxyContext proxy,
        ListeningSockets sockets,
        ListenerTable table,
        RouteBook routes,
        ExtensionBook extensions,
        Resources resources,
        ServerDrain serverDrain,
        ListenerDirectory directory,
        DrainOptions draining,
        Gauge connections,
        AtomicLong connectionIds) {}
