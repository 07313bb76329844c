package dev.starling.tests.envoy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Both proxies with all listeners and clusters of TLS, the servers behind them, and what is done with them. */
final class TlsStage implements AutoCloseable {

    private final BothProxies proxies;
    private final Map<String, TlsUpstreamServer> servers = new HashMap<>();
    private final List<TlsCase> cases;

    TlsStage(Path envoy, Path folder) throws Exception {
        TlsFiles files = new TlsFiles(folder.resolve("tls"));
        servers.put("plain", new TlsUpstreamServer(files.identity("server"), _ -> {}));
        servers.put("strange", new TlsUpstreamServer(files.identity("strange"), _ -> {}));
        servers.put("old", new TlsUpstreamServer(files.identity("old-server"), _ -> {}));
        servers.put("rsa", new TlsUpstreamServer(files.identity("server-rsa"), _ -> {}));
        servers.put(
                "asking",
                new TlsUpstreamServer(files.identity("server"), settings -> settings.setNeedClientAuth(true)));
        servers.put(
                "newest",
                new TlsUpstreamServer(
                        files.identity("server"), settings -> settings.setProtocols(new String[] {"TLSv1.3"})));
        String listenerTemplate = BothProxies.resource("tls-listener.yaml");
        String clusterTemplate = BothProxies.resource("tls-cluster.yaml");
        List<TlsListener> listeners = Stream.of(
                        TlsServerCases.listeners(),
                        TlsWireCases.listeners(),
                        TlsClientCases.listeners(),
                        TlsUpstreamCases.listeners(),
                        TlsCloseCases.listeners())
                .flatMap(List::stream)
                .toList();
        cases = Stream.of(
                        TlsServerCases.cases(),
                        TlsWireCases.cases(),
                        TlsClientCases.cases(files),
                        TlsUpstreamCases.cases(),
                        TlsCloseCases.cases(files))
                .flatMap(List::stream)
                .toList();
        String bootstrap = BothProxies.resource("tls-bootstrap.yaml")
                .replace(
                        "{listeners}",
                        listeners.stream()
                                .map(each -> each.yaml(listenerTemplate).indent(4))
                                .collect(Collectors.joining()))
                .replace(
                        "{clusters}",
                        TlsUpstreamCases.clusters().stream()
                                .map(each ->
                                        each.yaml(clusterTemplate, port(each)).indent(4))
                                .collect(Collectors.joining()));
        proxies = BothProxies.start(envoy, folder, files.fill(bootstrap));
    }

    private int port(TlsCluster cluster) {
        return Objects.requireNonNull(servers.get(cluster.server()), cluster.server())
                .port();
    }

    BothProxies proxies() {
        return proxies;
    }

    List<TlsCase> cases() {
        return cases;
    }

    @Override
    public void close() {
        servers.values().forEach(TlsUpstreamServer::close);
        proxies.close();
    }
}
