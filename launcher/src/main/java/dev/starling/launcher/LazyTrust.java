package dev.starling.launcher;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The process's default trust, which reads the JDK's certificates when somebody first asks. Pekko HTTP makes the default
 * context at every start although nothing here uses it, and that would read them all.
 */
final class LazyTrust extends X509ExtendedTrustManager {

    private final Supplier<X509ExtendedTrustManager> load;
    private volatile @Nullable X509ExtendedTrustManager loaded;

    LazyTrust(Supplier<X509ExtendedTrustManager> load) {
        this.load = load;
    }

    /** Makes this the process's default. A JDK without TLS keeps its own. */
    static void install() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new LazyTrust(LazyTrust::ofTheJdk)}, null);
            SSLContext.setDefault(context);
        } catch (GeneralSecurityException none) {
            // then whoever wants a context will say so
        }
    }

    private static X509ExtendedTrustManager ofTheJdk() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("the JDK has no trust manager for certificates");
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("the JDK's certificates cannot be read", failure);
        }
    }

    private X509ExtendedTrustManager trust() {
        X509ExtendedTrustManager known = loaded;
        if (known == null) {
            known = load.get();
            loaded = known;
        }
        return known;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust().checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust().checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trust().checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trust().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trust().checkServerTrusted(chain, type, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trust().getAcceptedIssuers();
    }
}
