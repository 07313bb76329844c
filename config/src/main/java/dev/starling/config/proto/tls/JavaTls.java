package dev.starling.config.proto.tls;

import dev.starling.config.proto.ValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext.OcspStaplePolicy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters.TlsProtocol;

/**
 * Contexts that name signature algorithms are Java's, as netty-tcnative has no call for them (docs/decisions/0011): what Java's
 * TLS has no way to be told is refused beside them.
 */
final class JavaTls {

    private static final String SUFFIX = " together with signature_algorithms, which Java's TLS sees to";

    private JavaTls() {}

    static void check(DownstreamTlsContext message, ValidationContext context) {
        if (message.getCommonTlsContext().getTlsParams().getSignatureAlgorithmsCount() == 0) {
            return;
        }
        check(message.getCommonTlsContext(), context.field("common_tls_context"));
        switch (message.getSessionTicketKeysTypeCase()) {
            case SESSION_TICKET_KEYS -> refuse(context.field("session_ticket_keys"));
            case SESSION_TICKET_KEYS_SDS_SECRET_CONFIG ->
                refuse(context.field("session_ticket_keys_sds_secret_config"));
            case DISABLE_STATELESS_SESSION_RESUMPTION -> {
                if (message.getDisableStatelessSessionResumption()) {
                    refuse(context.field("disable_stateless_session_resumption"));
                }
            }
            case SESSIONTICKETKEYSTYPE_NOT_SET -> {}
        }
        if (message.getDisableStatefulSessionResumption()) {
            refuse(context.field("disable_stateful_session_resumption"));
        }
        if (message.getOcspStaplePolicy() != OcspStaplePolicy.LENIENT_STAPLING) {
            refuse(context.field("ocsp_staple_policy"));
        }
    }

    static void check(CommonTlsContext message, ValidationContext context) {
        TlsParameters parameters = message.getTlsParams();
        if (parameters.getSignatureAlgorithmsCount() == 0) {
            return;
        }
        ValidationContext at = context.field("tls_params");
        if (isOld(parameters.getTlsMinimumProtocolVersion())) {
            refuse(at.field("tls_minimum_protocol_version"));
        }
        if (isOld(parameters.getTlsMaximumProtocolVersion())) {
            refuse(at.field("tls_maximum_protocol_version"));
        }
        for (int i = 0; i < parameters.getEcdhCurvesCount(); i++) {
            if (parameters.getEcdhCurves(i).contains("MLKEM")) {
                refuse(at.field("ecdh_curves", i));
            }
        }
        for (int i = 0; i < parameters.getCipherSuitesCount(); i++) {
            if (!parameters.getCipherSuites(i).contains("ECDHE-")) { // with RSA for the exchange of keys
                refuse(at.field("cipher_suites", i));
            }
        }
        for (int i = 0; i < message.getTlsCertificatesCount(); i++) {
            if (message.getTlsCertificates(i).hasOcspStaple()) {
                refuse(context.field("tls_certificates", i).field("ocsp_staple"));
            }
        }
    }

    private static boolean isOld(TlsProtocol version) {
        return version == TlsProtocol.TLSv1_0 || version == TlsProtocol.TLSv1_1;
    }

    private static void refuse(ValidationContext field) {
        field.problem("not supported" + SUFFIX);
    }
}
