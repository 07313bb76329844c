package dev.starling.tests.envoy;

/**
 * One exchange on a connection of its own.
 *
 * @param listener the name of the listener it is sent to
 * @param name what it is about, and unique
 * @param request what the client sends before it waits for the end; {@code {port}} in it is the listener's port
 * @param answer what the upstream sends for a request head, see {@link ScriptedUpstream}
 */
record ExchangeCase(String listener, String name, String request, String answer) implements CaseComparison.Case {

    static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

    static String head(String method, String path, String... headers) {
        return method + " " + path + " HTTP/1.1\r\nhost: a.test\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    @Override
    public String toString() {
        return name;
    }
}
