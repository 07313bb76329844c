package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Uint32Reader;
import dev.starling.config.tls.TlsVersion;
import dev.starling.config.tls.UpstreamTls;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import org.jspecify.annotations.Nullable;

/** Reads {@code UpstreamTlsContext}. */
final class UpstreamTlsReader {

    private static final int DEFAULT_MAX_SESSION_KEYS = 1;

    private UpstreamTlsReader() {}

    /** Null after a problem. */
    static @Nullable UpstreamTls read(UpstreamTlsContext message, ValidationContext context) {
        var at = context.field("common_tls_context");
        var common = CommonTlsReader.read(message.getCommonTlsContext(), TlsVersion.TLS_1_2, at);
        if (CommonTlsReader.certificates(message.getCommonTlsContext()) > 1) {
            String field = message.getCommonTlsContext().getTlsCertificatesCount() > 1
                    ? "tls_certificates"
                    : "tls_certificate_sds_secret_configs";
            at.field(field).problem("Multiple TLS certificates are not supported for client contexts");
        }
        JavaTls.check(message.getCommonTlsContext(), at);
        if (message.getAllowRenegotiation()) {
            context.field("allow_renegotiation").problem("not supported: renegotiation is always refused");
        }
        if (message.getAutoSniSanValidation() && !common.validates()) {
            context.field("auto_sni_san_validation")
                    .problem("'auto_sni_san_validation' was configured without a validation context");
        }
        if (context.failed()) {
            return null;
        }
        if (!common.validates()) {
            context.warning("no validation_context: whatever certificate the endpoint shows is taken");
        }
        return new UpstreamTls(
                common,
                message.getSni(),
                message.getAutoHostSni(),
                message.getAutoSniSanValidation(),
                Uint32Reader.clampedOr(
                        DEFAULT_MAX_SESSION_KEYS, message.hasMaxSessionKeys(), message.getMaxSessionKeys()),
                !message.hasEnforceRsaKeyUsage()
                        || message.getEnforceRsaKeyUsage().getValue());
    }
}
