package dev.starling.runtime.tls.hello;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A ClientHello (RFC 8446 4.1.2), as far as a listener wants to know it. Numbers are as on the wire, in its order, with
 * what RFC 8701 (GREASE) put between them.
 *
 * @param version the legacy one
 * @param supportedVersions empty without the extension
 * @param serverName lower case; empty without the extension
 * @param applicationProtocols empty without the extension, or if it is malformed
 */
public record ClientHello(
        int version,
        List<Integer> supportedVersions,
        List<Integer> cipherSuites,
        List<Integer> extensions,
        List<Integer> groups,
        List<Integer> pointFormats,
        List<Integer> signatureAlgorithms,
        String serverName,
        List<String> applicationProtocols) {

    private static final int RANDOM_BYTES = 32;
    private static final int MAX_SESSION_ID_BYTES = 32;
    private static final int MAX_NAME_BYTES = 255;
    private static final int TLS_1_0 = 0x0301;
    private static final int TLS_1_3 = 0x0304;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int EC_POINT_FORMATS = 11;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int APPLICATION_LAYER_PROTOCOLS = 16;
    private static final int SUPPORTED_VERSIONS = 43;

    /** Null: it is not one, or none that any version of TLS could be agreed on with. */
    public static @Nullable ClientHello parse(ByteBuf body) {
        try {
            return new Parser(body).parse();
        } catch (IndexOutOfBoundsException | Malformed shorterThanItSays) {
            return null;
        }
    }

    /** A random value that clients put between the real ones (RFC 8701). */
    public static boolean isGrease(int value) {
        return (value & 0x0f0f) == 0x0a0a && (value >> 8 & 0xff) == (value & 0xff);
    }

    private static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed() {
            super(null, null, false, false);
        }
    }

    private static final class Parser {

        private final ByteBuf hello;
        private final List<Integer> extensions = new ArrayList<>();
        private List<Integer> supportedVersions = List.of();
        private List<Integer> groups = List.of();
        private List<Integer> pointFormats = List.of();
        private List<Integer> signatureAlgorithms = List.of();
        private String serverName = "";
        private List<String> applicationProtocols = List.of();

        Parser(ByteBuf hello) {
            this.hello = hello;
        }

        ClientHello parse() throws Malformed {
            int version = hello.readUnsignedShort();
            hello.skipBytes(RANDOM_BYTES);
            int sessionId = hello.readUnsignedByte();
            require(sessionId <= MAX_SESSION_ID_BYTES);
            hello.skipBytes(sessionId);
            ByteBuf suites = hello.readSlice(hello.readUnsignedShort());
            require(suites.isReadable() && suites.readableBytes() % 2 == 0);
            ByteBuf compressions = hello.readSlice(hello.readUnsignedByte());
            require(compressions.isReadable());
            if (hello.isReadable()) {
                ByteBuf list = hello.readSlice(hello.readUnsignedShort());
                require(!hello.isReadable());
                while (list.isReadable()) {
                    int type = list.readUnsignedShort();
                    extension(type, list.readSlice(list.readUnsignedShort()));
                }
            }
            require(
                    supportedVersions.isEmpty()
                            ? version >= TLS_1_0
                            : supportedVersions.stream().anyMatch(each -> each >= TLS_1_0 && each <= TLS_1_3));
            return new ClientHello(
                    version,
                    supportedVersions,
                    shorts(suites),
                    extensions,
                    groups,
                    pointFormats,
                    signatureAlgorithms,
                    serverName,
                    applicationProtocols);
        }

        private void extension(int type, ByteBuf content) throws Malformed {
            require(!extensions.contains(type) || isGrease(type));
            extensions.add(type);
            switch (type) {
                case SERVER_NAME -> serverName = serverName(content);
                case SUPPORTED_GROUPS -> groups = shorts(content.readSlice(content.readUnsignedShort()));
                case EC_POINT_FORMATS -> pointFormats = octets(content.readSlice(content.readUnsignedByte()));
                case SIGNATURE_ALGORITHMS ->
                    signatureAlgorithms = shorts(content.readSlice(content.readUnsignedShort()));
                case APPLICATION_LAYER_PROTOCOLS -> applicationProtocols = protocols(content);
                case SUPPORTED_VERSIONS -> {
                    supportedVersions = shorts(content.readSlice(content.readUnsignedByte()));
                    require(!supportedVersions.isEmpty() && !content.isReadable());
                }
                default -> {} // of no interest here
            }
        }

        private static String serverName(ByteBuf content) throws Malformed {
            ByteBuf list = content.readSlice(content.readUnsignedShort());
            require(!content.isReadable());
            int type = list.readUnsignedByte();
            ByteBuf name = list.readSlice(list.readUnsignedShort());
            require(type == 0 && !list.isReadable());
            require(name.isReadable() && name.readableBytes() <= MAX_NAME_BYTES && name.bytesBefore((byte) 0) < 0);
            return name.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        }

        /** What is wrong with it the TLS stack may say; here there are none then. */
        private static List<String> protocols(ByteBuf content) {
            List<String> names = new ArrayList<>();
            if (content.readableBytes() < 2) {
                return names;
            }
            int length = content.readUnsignedShort();
            if (length != content.readableBytes() || length < 2) {
                return names;
            }
            while (content.isReadable()) {
                int name = content.readUnsignedByte();
                if (name == 0 || name > content.readableBytes()) {
                    return List.of();
                }
                names.add(content.readSlice(name).toString(StandardCharsets.ISO_8859_1));
            }
            return names;
        }

        private static List<Integer> shorts(ByteBuf bytes) throws Malformed {
            require(bytes.readableBytes() % 2 == 0);
            List<Integer> values = new ArrayList<>(bytes.readableBytes() / 2);
            while (bytes.isReadable()) {
                values.add(bytes.readUnsignedShort());
            }
            return values;
        }

        private static List<Integer> octets(ByteBuf bytes) {
            List<Integer> values = new ArrayList<>(bytes.readableBytes());
            while (bytes.isReadable()) {
                values.add((int) bytes.readUnsignedByte());
            }
            return values;
        }

        private static void require(boolean condition) throws Malformed {
            if (!condition) {
                throw new Malformed();
            }
        }
    }
}
