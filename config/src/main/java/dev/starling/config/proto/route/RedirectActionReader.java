package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.matcher.RegexReader;
import dev.starling.config.route.RedirectAction;
import dev.starling.config.route.RedirectAction.PathChange;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.RedirectAction}. Empty texts change nothing, as in Envoy. */
final class RedirectActionReader {

    private RedirectActionReader() {}

    static @Nullable RedirectAction read(
            io.envoyproxy.envoy.config.route.v3.RedirectAction message, ValidationContext context) {
        var path = path(message, context);
        var port = port(message.getPortRedirect(), context.field("port_redirect"));
        return path == null || context.failed()
                ? null
                : new RedirectAction(
                        scheme(message),
                        message.getHostRedirect(),
                        port,
                        path,
                        status(message),
                        message.getStripQuery());
    }

    private static String scheme(io.envoyproxy.envoy.config.route.v3.RedirectAction message) {
        return switch (message.getSchemeRewriteSpecifierCase()) {
            case HTTPS_REDIRECT -> message.getHttpsRedirect() ? "https" : "";
            case SCHEME_REDIRECT -> message.getSchemeRedirect();
            case SCHEMEREWRITESPECIFIER_NOT_SET -> "";
        };
    }

    /** Envoy takes any number, and clients then get a location they cannot follow. */
    private static OptionalInt port(int port, ValidationContext context) {
        if (port < 0 || port > 65535) {
            context.problem("must be at most 65535");
        }
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    private static @Nullable PathChange path(
            io.envoyproxy.envoy.config.route.v3.RedirectAction message, ValidationContext context) {
        return switch (message.getPathRewriteSpecifierCase()) {
            case PATH_REDIRECT ->
                message.getPathRedirect().isEmpty()
                        ? PathChange.None.NONE
                        : new PathChange.Replace(message.getPathRedirect());
            case PREFIX_REWRITE ->
                message.getPrefixRewrite().isEmpty()
                        ? PathChange.None.NONE
                        : new PathChange.Prefix(message.getPrefixRewrite());
            case REGEX_REWRITE -> {
                var rewrite = message.getRegexRewrite();
                var pattern = RegexReader.read(
                        rewrite.getPattern(), context.field("regex_rewrite").field("pattern"));
                yield pattern == null ? null : new PathChange.Regex(pattern, rewrite.getSubstitution());
            }
            case PATHREWRITESPECIFIER_NOT_SET -> PathChange.None.NONE;
        };
    }

    private static int status(io.envoyproxy.envoy.config.route.v3.RedirectAction message) {
        return switch (message.getResponseCode()) {
            case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
            case FOUND -> 302;
            case SEE_OTHER -> 303;
            case TEMPORARY_REDIRECT -> 307;
            case PERMANENT_REDIRECT -> 308;
        };
    }
}
