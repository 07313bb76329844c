package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.HeaderNameReader;
import dev.starling.config.proto.matcher.RegexReader;
import dev.starling.config.route.RouteAction.HostRewrite;
import dev.starling.config.route.RouteAction.PathRewrite;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import org.jspecify.annotations.Nullable;

/** Reads what a route action does to path and authority. Empty texts rewrite nothing, as in Envoy. */
final class RewriteReader {

    private RewriteReader() {}

    static @Nullable PathRewrite path(RouteAction message, ValidationContext context) {
        String prefix = message.getPrefixRewrite();
        if (!message.hasRegexRewrite()) {
            return prefix.isEmpty() ? PathRewrite.None.NONE : new PathRewrite.Prefix(prefix);
        }
        var at = context.field("regex_rewrite");
        if (!prefix.isEmpty()) {
            at.problem("Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy");
        }
        var rewrite = message.getRegexRewrite();
        var pattern = RegexReader.read(rewrite.getPattern(), at.field("pattern"));
        return pattern == null ? null : new PathRewrite.Regex(pattern, rewrite.getSubstitution());
    }

    static @Nullable HostRewrite host(RouteAction message, ValidationContext context) {
        return switch (message.getHostRewriteSpecifierCase()) {
            case HOSTREWRITESPECIFIER_NOT_SET -> HostRewrite.None.NONE;
            case HOST_REWRITE_LITERAL ->
                message.getHostRewriteLiteral().isEmpty()
                        ? HostRewrite.None.NONE
                        : new HostRewrite.Literal(message.getHostRewriteLiteral());
            case AUTO_HOST_REWRITE ->
                message.getAutoHostRewrite().getValue() ? HostRewrite.Auto.AUTO : HostRewrite.None.NONE;
            case HOST_REWRITE_HEADER -> {
                if (message.getHostRewriteHeader().isEmpty()) {
                    yield HostRewrite.None.NONE;
                }
                var header =
                        HeaderNameReader.read(message.getHostRewriteHeader(), context.field("host_rewrite_header"));
                yield header == null ? null : new HostRewrite.Header(header);
            }
            case HOST_REWRITE_PATH_REGEX -> {
                var rewrite = message.getHostRewritePathRegex();
                var at = context.field("host_rewrite_path_regex");
                var pattern = RegexReader.read(rewrite.getPattern(), at.field("pattern"));
                yield pattern == null ? null : new HostRewrite.PathRegex(pattern, rewrite.getSubstitution());
            }
        };
    }
}
