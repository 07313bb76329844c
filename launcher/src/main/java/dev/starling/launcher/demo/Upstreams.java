package dev.starling.launcher.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Three small servers that answer with their names, and fail when told to: {@code /break/wren}, {@code /mend/wren}. Each also
 * has a page that opens a WebSocket, {@code /talk}, and says by gRPC how the birds are.
 */
final class Upstreams implements AutoCloseable {

    static final List<String> NAMES = List.of("robin", "wren", "finch");

    private static final String OK = "200 OK";
    private static final String TEXT = "text/plain";

    private final List<UpstreamServer> servers = new ArrayList<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final Health health = new Health(broken::contains);

    static Upstreams start() throws IOException {
        var upstreams = new Upstreams();
        for (String name : NAMES) {
            upstreams.servers.add(UpstreamServer.start(name, call -> upstreams.answer(name, call)));
        }
        return upstreams;
    }

    /** Of the servers in the order of {@link #NAMES}. */
    List<Integer> ports() {
        return servers.stream().map(UpstreamServer::port).toList();
    }

    private boolean answer(String name, Call call) throws IOException {
        String told = told(call.path());
        if (!told.isEmpty()) {
            call.answer(OK, TEXT, utf8(told));
        } else if (broken.contains(name)) {
            call.answer("503 Service Unavailable", TEXT, utf8(name + " is broken\n"));
        } else if (Health.isMeant(call)) {
            health.answer(call);
        } else if (call.header("upgrade").equals("websocket")) {
            new Talk(name, call).hold();
            return false;
        } else if (call.path().equals("/talk")) {
            call.answer(OK, "text/html; charset=utf-8", utf8(Demo.resource("talk.html")));
        } else {
            call.answer(OK, TEXT, utf8(name + " sings\n"));
        }
        return true;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
        servers.forEach(UpstreamServer::close);
    }
}
