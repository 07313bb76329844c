package dev.starling.launcher.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Three small HTTP servers that answer with their names, and fail when told to: {@code /break/wren}, {@code /mend/wren}. */
final class Upstreams implements AutoCloseable {

    static final List<String> NAMES = List.of("robin", "wren", "finch");

    private final List<HttpServer> servers = new ArrayList<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    static Upstreams start() throws IOException {
        // its answers are two writes each: without this the second waits 40 ms for the first one's acknowledgement
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var upstreams = new Upstreams();
        for (String name : NAMES) {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> upstreams.answer(name, exchange));
            server.start();
            upstreams.servers.add(server);
        }
        return upstreams;
    }

    /** Of the servers in the order of {@link #NAMES}. */
    List<Integer> ports() {
        return servers.stream().map(server -> server.getAddress().getPort()).toList();
    }

    private void answer(String name, HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String told = told(path);
        boolean fails = told.isEmpty() && broken.contains(name);
        byte[] body = (told.isEmpty() ? name + (fails ? " is broken" : " sings") + "\n" : told)
                .getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(
                    fails ? 503 : 200, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
            if (!exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** Any of them takes such a request, for any of them; empty if it is none. */
    private String told(String path) {
        for (String name : NAMES) {
            if (path.equals("/break/" + name)) {
                broken.add(name);
                return name + " answers 503 from now on\n";
            }
            if (path.equals("/mend/" + name)) {
                broken.remove(name);
                return name + " sings again\n";
            }
        }
        return "";
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
