package dev.starling.runtime.tls;

import dev.starling.runtime.loop.NettyInternals;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.internal.tcnative.SSLContext;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Groups of cipher suites of equal preference, as Envoy writes them: {@code [A|B]}. BoringSSL knows them and Netty does not;
 * Java's provider has none, and takes the suites one after the other.
 */
final class CipherGroups {

    private static final VarHandle NATIVE_CONTEXT =
            NettyInternals.field(ReferenceCountedOpenSslContext.class, "ctx", long.class);

    private CipherGroups() {}

    /** @param context nobody's yet */
    static void set(SslContext context, List<String> suites) {
        if (!(context instanceof ReferenceCountedOpenSslContext openSsl)
                || suites.stream().noneMatch(suite -> suite.startsWith("["))) {
            return;
        }
        try {
            SSLContext.setCipherSuite((long) NATIVE_CONTEXT.get(openSsl), String.join(":", suites), false);
        } catch (Exception refused) { // what tcnative declares; validation knows all the words
            throw new IllegalStateException("cipher suites " + suites, refused);
        }
    }
}
