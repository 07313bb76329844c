package dev.starling.tests.envoy;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What Java's TLS says first. */
final class ClientHellos {

    private static final int RECORD_HEADER_BYTES = 5;

    private ClientHellos() {}

    /** One record. */
    static byte[] of(String serverName, String... protocols) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            if (!serverName.isEmpty()) {
                parameters.setServerNames(List.of(new SNIHostName(serverName)));
            }
            parameters.setApplicationProtocols(protocols);
            engine.setSSLParameters(parameters);
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            return Arrays.copyOf(hello.array(), hello.position());
        } catch (GeneralSecurityException | SSLException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The same in records of so many bytes each. */
    static byte[] inRecordsOf(int length, byte[] hello) {
        byte[] message = Arrays.copyOfRange(hello, RECORD_HEADER_BYTES, hello.length);
        int records = (message.length + length - 1) / length;
        ByteBuffer all = ByteBuffer.allocate(message.length + records * RECORD_HEADER_BYTES);
        for (int at = 0; at < message.length; at += length) {
            int part = Math.min(length, message.length - at);
            all.put((byte) 22)
                    .put((byte) 3)
                    .put((byte) 1)
                    .putShort((short) part)
                    .put(message, at, part);
        }
        return all.array();
    }
}
