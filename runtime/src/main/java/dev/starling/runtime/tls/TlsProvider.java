package dev.starling.runtime.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** What does the cryptography of connections. */
public enum TlsProvider {
    /** Through Netty's native library. */
    BORINGSSL(SslProvider.OPENSSL_REFCNT),
    /** Java's own. */
    JDK(SslProvider.JDK);

    private final SslProvider netty;

    TlsProvider(SslProvider netty) {
        this.netty = netty;
    }

    /** BoringSSL where its library loads, unless {@code -Dstarling.tls.provider=jdk} says otherwise. */
    public static TlsProvider chosen() {
        boolean wantsJdk = "jdk".equals(System.getProperty("starling.tls.provider"));
        return OpenSsl.isAvailable() && !wantsJdk ? BORINGSSL : JDK;
    }

    SslProvider netty() {
        return netty;
    }
}
