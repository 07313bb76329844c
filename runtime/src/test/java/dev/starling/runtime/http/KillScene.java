package dev.starling.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.cluster.Cluster;
import dev.starling.config.http.HttpConnectionManager;
import dev.starling.config.route.RouteAction.RoutingPriority;
import dev.starling.healthcheck.outlier.OutlierMonitor;
import dev.starling.runtime.cluster.ClusterTraffic;
import dev.starling.runtime.listener.HttpFixture;
import dev.starling.runtime.listener.ProxyFixture;
import dev.starling.runtime.network.LeakWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A proxy one of whose sides is killed again and again: how each exchange ended, and that nothing is left of it. Its cluster
 * is {@code up}.
 */
final class KillScene implements AutoCloseable {

    /** How a side goes away. */
    enum Kill {
        FIN,
        RST;

        void client(RawClient client) throws IOException {
            switch (this) {
                case FIN -> client.halfClose();
                case RST -> client.abort();
            }
        }

        void client(Socket client) throws IOException {
            switch (this) {
                case FIN -> client.shutdownOutput();
                case RST -> {
                    client.setSoLinger(true, 0);
                    client.close();
                }
            }
        }

        /** Then waits until the proxy has had enough. */
        void upstream(RawUpstream.Connection connection) throws IOException {
            switch (this) {
                case FIN -> connection.halfClose();
                case RST -> connection.abort();
            }
            connection.read(Integer.MAX_VALUE);
        }
    }

    private final LeakWatch leaks = LeakWatch.start();
    private final Outcomes outcomes = new Outcomes();
    private final ProxyFixture proxy = ProxyFixture.start();
    private final Cluster cluster;
    private final InetSocketAddress address;
    private ClusterTraffic traffic;

    private KillScene(HttpConnectionManager settings, Cluster cluster) {
        this.cluster = cluster;
        this.address = proxy.listen(HttpFixture.connectionManager(settings, outcomes));
        this.traffic = publish();
    }

    /** A listener with these settings. */
    static KillScene of(HttpConnectionManager settings, Cluster cluster) {
        return new KillScene(settings, cluster);
    }

    /** All requests go to the cluster, trailers with them. */
    static KillScene to(Cluster cluster) {
        return of(
                HttpFixture.settingsWithTrailers(HttpFixture.routes(HttpFixture.route("/", cluster.name()))), cluster);
    }

    ProxyFixture proxy() {
        return proxy;
    }

    Outcomes outcomes() {
        return outcomes;
    }

    InetSocketAddress address() {
        return address;
    }

    /** These are the cluster's endpoints now. */
    ClusterTraffic publish(InetSocketAddress... endpoints) {
        traffic = proxy.publish(cluster, OutlierMonitor.OFF, endpoints);
        return traffic;
    }

    void receivedFromClients(long bytes) {
        proxy.eventually("all has been read", () -> proxy.counter("http.http.downstream_cx_rx_bytes_total") == bytes);
    }

    void nothingIsLeft(String when) {
        nothingIsLeft(when, 0);
    }

    /** @param connections of clients that are still open */
    void nothingIsLeft(String when, long connections) {
        var breaker = traffic.breaker(RoutingPriority.DEFAULT);
        proxy.eventually(
                when + " nothing is left",
                () -> proxy.gauge("http.http.downstream_cx_active") == connections
                        && proxy.gauge("http.http.downstream_cx_http2_active") <= connections
                        && proxy.gauge("http.http.downstream_rq_active") == 0
                        && proxy.gauge("http.http.downstream_cx_upgrades_active") == 0
                        && proxy.gauge("http2.streams_active") == 0
                        && proxy.gauge("cluster.up.upstream_rq_active") == 0
                        && proxy.gauge("cluster.up.upstream_rq_pending_active") == 0
                        && proxy.gauge("cluster.up.http2.streams_active") == 0
                        && breaker.requests().count() == 0
                        && breaker.pendingRequests().count() == 0
                        && breaker.connections().count() == proxy.gauge("cluster.up.upstream_cx_active"));
    }

    @Override
    public void close() {
        proxy.withdraw("up");
        proxy.eventually("no upstream connection is left", () -> proxy.gauge("cluster.up.upstream_cx_active") == 0);
        assertThat(traffic.breaker(RoutingPriority.DEFAULT).connections().count())
                .isZero();
        proxy.close();
        assertThat(leaks.leaks()).isEmpty();
        leaks.close();
    }
}
