package dev.starling.runtime.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * A valid message by chance: its bytes, in one of the many ways to write it down, and the lines of a {@link Transcript}
 * that a reader must make of them.
 */
final class RandomMessage {

    private static final String NAME = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PROPFIND"};

    private final RandomGenerator random;
    private final StringBuilder wire = new StringBuilder();
    private final List<String> lines = new ArrayList<>();

    private enum Body {
        NONE,
        LENGTH,
        CHUNKS
    }

    private RandomMessage(RandomGenerator random) {
        this.random = random;
    }

    static RandomMessage request(RandomGenerator random) {
        RandomMessage message = new RandomMessage(random);
        String method = METHODS[random.nextInt(METHODS.length)];
        String path = "/" + message.text('!', '~', 20);
        String host = message.text('a', 'z', 10) + "h";
        Body body = Body.values()[random.nextInt(3)];
        String content = message.content(body);
        String head = method + " " + path + " " + host
                + (body == Body.CHUNKS ? " length -1" : content.isEmpty() ? "" : " length " + content.length());
        message.wire.append(random.nextInt(5) == 0 ? "\r\n" : "");
        message.wire.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        message.message(head, body, content, "Host", host);
        return message;
    }

    /** A final response that does not end with the connection, perhaps with informational ones before. */
    static RandomMessage response(RandomGenerator random) {
        RandomMessage message = new RandomMessage(random);
        while (random.nextInt(4) == 0) {
            message.wire.append("HTTP/1.1 103 Hints\r\n\r\n");
            message.lines.add("103");
        }
        int status = random.nextInt(305, 600);
        Body body = Body.values()[random.nextInt(1, 3)];
        String content = message.content(body);
        message.wire.append("HTTP/1.1 ").append(status);
        message.wire
                .append(random.nextBoolean() ? "" : " " + message.text(' ', '~', 10))
                .append("\r\n");
        message.message(status + (body == Body.CHUNKS ? "" : " length " + content.length()), body, content, "", "");
        return message;
    }

    String wire() {
        return wire.toString();
    }

    List<String> lines() {
        return lines;
    }

    private void message(String head, Body body, String content, String extraName, String extraValue) {
        List<String> told = new ArrayList<>();
        boolean extra = extraName.isEmpty();
        for (int i = random.nextInt(6); i > 0; i--) {
            if (!extra && random.nextBoolean()) {
                extra = true;
                field(extraName, extraValue);
            }
            told.add(field("x-" + text(NAME, 8), text('!', '~', 12) + "\u00e9"));
        }
        if (!extra) {
            field(extraName, extraValue);
        }
        if (body == Body.LENGTH) {
            told.add(field("Content-Length", Integer.toString(content.length())));
        } else if (body == Body.CHUNKS) {
            field("Transfer-Encoding", random.nextBoolean() ? "chunked" : "CHUNKED");
        }
        wire.append("\r\n");
        lines.add(told.isEmpty() ? head : head + " {" + String.join(", ", told) + "}");
        if (!content.isEmpty()) {
            lines.add("data " + content);
        }
        if (body == Body.CHUNKS) {
            chunks(content);
        } else {
            wire.append(content);
            lines.add("end");
        }
    }

    private void chunks(String content) {
        for (int from = 0; from < content.length(); ) {
            int to = random.nextInt(from, content.length()) + 1;
            size(to - from);
            wire.append(content, from, to).append("\r\n");
            from = to;
        }
        size(0);
        List<String> trailers = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            trailers.add(field("t-" + text(NAME, 8), text('!', '~', 12) + "!"));
        }
        wire.append("\r\n");
        lines.add(trailers.isEmpty() ? "end" : "trailers {" + String.join(", ", trailers) + "}");
    }

    private void size(int size) {
        String hex = "0".repeat(random.nextInt(3)) + Integer.toHexString(size);
        wire.append(random.nextBoolean() ? hex : hex.toUpperCase(Locale.ROOT));
        wire.append(random.nextInt(4) == 0 ? ";" + text(' ', '~', 10) : "").append("\r\n");
    }

    /** Writes a field and returns it as it must be told. */
    private String field(String name, String value) {
        wire.append(name)
                .append(':')
                .append(blanks())
                .append(value)
                .append(blanks())
                .append("\r\n");
        return name.toLowerCase(Locale.ROOT) + ": " + value;
    }

    private String blanks() {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> " \t ";
            default -> " ";
        };
    }

    private String content(Body body) {
        return body == Body.NONE ? "" : text('\0', '\u00ff', random.nextInt(10) == 0 ? 3000 : 40);
    }

    private String text(char first, char last, int max) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            text.append((char) random.nextInt(first, last + 1));
        }
        return text.toString();
    }

    private String text(String characters, int max) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(max + 1); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }
}
