package dev.starling.tests.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a running browser for a page, over its DevTools protocol. */
final class DevTools {

    private static final Pattern SOCKET = Pattern.compile("\"webSocketDebuggerUrl\": *\"([^\"]+)\"");
    private static final int PATIENCE_SECONDS = 60;

    /** Answers when the page shows the text, with all that it shows. */
    private static final String WAIT = """
            {"id": 1, "method": "Runtime.evaluate", "params": {"awaitPromise": true, "returnByValue": true, "expression":
            "new Promise(done => { const look = () => location.href.startsWith('http') && document.body &&\
             document.body.innerText.includes('{text}') ? done(document.body.innerText) : setTimeout(look, 20); look(); })"}}
            """;

    private DevTools() {}

    /**
     * @param port where the browser listens
     * @param text plain, without quotes
     */
    static String pageWith(int port, String url, String text) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest open = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?" + url))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build();
            Matcher socket =
                    SOCKET.matcher(http.send(open, BodyHandlers.ofString()).body());
            if (!socket.find()) {
                throw new IOException("the browser opens no page");
            }
            for (int i = 0; ; i++) { // what is asked before the page is there gets lost with the blank one
                String answer = ask(
                        http,
                        URI.create(socket.group(1)),
                        WAIT.replace("{text}", text).replace("\n", " "));
                if (!answer.contains("\"error\"") || i == 3) {
                    return answer;
                }
            }
        }
    }

    private static String ask(HttpClient http, URI page, String question) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(page, new WebSocket.Listener() {
                    private final StringBuilder text = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
                        text.append(part);
                        if (last) {
                            answer.complete(text.toString());
                        }
                        from.request(1);
                        return CompletableFuture.completedFuture(null);
                    }
                })
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            socket.sendText(question, true).join();
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }
}
