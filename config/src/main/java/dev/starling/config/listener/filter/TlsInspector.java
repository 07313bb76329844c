package dev.starling.config.listener.filter;

/**
 * {@code envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}.
 *
 * @param ja3 whether to compute the JA3 fingerprint
 * @param ja4 whether to compute the JA4 fingerprint
 * @param closesOnError what begins as TLS and is not is closed, instead of served as what is not TLS
 * @param initialReadBytes asked for at first; more only if the ClientHello is longer
 */
public record TlsInspector(boolean ja3, boolean ja4, boolean closesOnError, int initialReadBytes) {

    /** The longest ClientHello that is waited for: its records with their headers. */
    public static final int MAX_BYTES = 16 * 1024;

    public static final TlsInspector DEFAULT = new TlsInspector(false, false, false, MAX_BYTES);
}
