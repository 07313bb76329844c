package dev.starling.launcher.demo;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request in HTTP/1.1 whose body is read and whose answer is written as somebody likes. */
final class Call {

    private static final int MOST_LINE_BYTES = 64 * 1024;

    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final InputStream in;
    private final OutputStream out;
    private final Body body;

    private Call(String method, String path, Map<String, String> headers, InputStream in, OutputStream out) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.in = in;
        this.out = out;
        this.body = "chunked".equals(headers.get("transfer-encoding"))
                ? Body.chunked(in)
                : Body.ofLength(in, Long.parseLong(headers.getOrDefault("content-length", "0")));
    }

    /** The next one on a connection, or null when it has ended. */
    static @Nullable Call next(InputStream in, OutputStream out) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return null;
        }
        in.reset();
        String[] first = line(in).split(" ", 3);
        if (first.length < 3) {
            throw new IOException("not a request line");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
            headers.put(name, line.substring(colon + 1).strip());
        }
        return new Call(first[0], first[1], headers, in, out);
    }

    /** Without its end. */
    static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() == MOST_LINE_BYTES) {
                throw new EOFException("no end of a line");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    String method() {
        return method;
    }

    /** Without the query. */
    String path() {
        return path.split("\\?", 2)[0];
    }

    /** Empty if there is none. */
    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    InputStream body() {
        return body;
    }

    /** What the connection carries after it has been upgraded. */
    InputStream in() {
        return in;
    }

    /** The same the other way. */
    OutputStream out() {
        return out;
    }

    /** A whole answer; the connection is free after it. */
    void answer(String status, String contentType, byte[] content) throws IOException {
        body.skipToItsEnd();
        var message = new ByteArrayOutputStream();
        message.writeBytes(ascii("HTTP/1.1 " + status + "\r\ncontent-type: " + contentType + "\r\ncontent-length: "
                + content.length + "\r\n\r\n"));
        if (!method.equals("HEAD")) {
            message.writeBytes(content);
        }
        message.writeTo(out);
    }

    /** The head of an answer in chunks. */
    void begin(String contentType) throws IOException {
        out.write(ascii("HTTP/1.1 200 OK\r\ncontent-type: " + contentType + "\r\ntransfer-encoding: chunked\r\n\r\n"));
    }

    void chunk(byte[] bytes) throws IOException {
        var chunk = new ByteArrayOutputStream();
        chunk.writeBytes(ascii(Integer.toHexString(bytes.length) + "\r\n"));
        chunk.writeBytes(bytes);
        chunk.writeBytes(ascii("\r\n"));
        chunk.writeTo(out);
    }

    /** @param trailers lines, each with its end */
    void end(String trailers) throws IOException {
        body.skipToItsEnd();
        out.write(ascii("0\r\n" + trailers + "\r\n"));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
