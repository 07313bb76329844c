package dev.starling.runtime.codec.hpack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** Header blocks to test with, as lines of names and values. */
final class Blocks {

    private static final List<String> NAMES = List.of(
            ":path", ":status", "content-type", "x-request-id", "cookie", "authorization", "date", "x-custom", "te");

    private Blocks() {}

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static List<String> lines(HeaderBlock block) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < block.count(); i++) {
            lines.add(new String(block.bytes(), block.nameStart(i), block.nameLength(i), StandardCharsets.ISO_8859_1)
                    + ": "
                    + new String(
                            block.bytes(), block.valueStart(i), block.valueLength(i), StandardCharsets.ISO_8859_1));
        }
        return lines;
    }

    /** Some fields that repeat, some that do not, some long, some empty, any byte in values. */
    static List<String> random(RandomGenerator random) {
        List<String> lines = new ArrayList<>();
        for (int left = random.nextInt(30); left > 0; left--) {
            String name = random.nextInt(4) == 0
                    ? "x-" + Integer.toHexString(random.nextInt(50))
                    : NAMES.get(random.nextInt(NAMES.size()));
            lines.add(name + ": " + value(random));
        }
        return lines;
    }

    private static String value(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "value-" + random.nextInt(5);
            case 2 -> {
                byte[] any = new byte[random.nextInt(random.nextInt(20) == 0 ? 6000 : 60)];
                random.nextBytes(any);
                yield new String(any, StandardCharsets.ISO_8859_1);
            }
            default -> "application/grpc; v=" + random.nextInt(3);
        };
    }

    static String name(String line) {
        return line.substring(0, line.indexOf(": "));
    }

    static String value(String line) {
        return line.substring(line.indexOf(": ") + 2);
    }
}
