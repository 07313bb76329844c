package dev.starling.config.proto.listener.filter;

import dev.starling.config.listener.filter.TlsInspector;

/** Reads the settings of the TLS inspector. */
public final class TlsInspectorReader {

    private TlsInspectorReader() {}

    public static TlsInspector read(
            io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector message) {
        return new TlsInspector(
                message.getEnableJa3Fingerprinting().getValue(),
                message.getEnableJa3Fingerprinting().getValue(), // as the API has no field of its own for JA4 yet
                false,
                message.hasInitialReadBufferSize()
                        ? Math.min(message.getInitialReadBufferSize().getValue(), TlsInspector.MAX_BYTES)
                        : TlsInspector.MAX_BYTES);
    }
}
