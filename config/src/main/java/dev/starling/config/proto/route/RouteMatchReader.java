package dev.starling.config.proto.route;

import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import dev.starling.config.proto.core.FractionalPercentReader;
import dev.starling.config.proto.matcher.HeaderMatcherReader;
import dev.starling.config.proto.matcher.QueryParameterMatcherReader;
import dev.starling.config.proto.matcher.RegexReader;
import dev.starling.config.route.RouteMatch;
import dev.starling.config.route.RouteMatch.PathSpecifier;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.config.route.v3.RouteMatch}. */
final class RouteMatchReader {

    private RouteMatchReader() {}

    static @Nullable RouteMatch read(
            io.envoyproxy.envoy.config.route.v3.RouteMatch message, ValidationContext context) {
        var path = path(message, context);
        var headers = Elements.read(message.getHeadersList(), context, "headers", HeaderMatcherReader::read);
        var queryParameters = Elements.read(
                message.getQueryParametersList(), context, "query_parameters", QueryParameterMatcherReader::read);
        return path == null || context.failed()
                ? null
                : new RouteMatch(
                        path,
                        !message.hasCaseSensitive()
                                || message.getCaseSensitive().getValue(),
                        headers,
                        queryParameters,
                        message.hasGrpc(),
                        message.hasRuntimeFraction()
                                ? Optional.of(FractionalPercentReader.read(message.getRuntimeFraction()))
                                : Optional.empty());
    }

    private static @Nullable PathSpecifier path(
            io.envoyproxy.envoy.config.route.v3.RouteMatch message, ValidationContext context) {
        return switch (message.getPathSpecifierCase()) {
            case PREFIX -> new PathSpecifier.Prefix(message.getPrefix());
            case PATH -> new PathSpecifier.Exact(message.getPath());
            case PATH_SEPARATED_PREFIX -> new PathSpecifier.PathSeparatedPrefix(message.getPathSeparatedPrefix());
            case SAFE_REGEX -> {
                var pattern = RegexReader.read(message.getSafeRegex(), context.field("safe_regex"));
                yield pattern == null ? null : new PathSpecifier.Regex(pattern);
            }
            case CONNECT_MATCHER -> new PathSpecifier.Connect();
            case PATH_MATCH_POLICY -> {
                context.field("path_match_policy").problem("path match policies are not supported yet");
                yield null;
            }
            case PATHSPECIFIER_NOT_SET -> {
                if (!context.failed()) {
                    context.problem(
                            "one of prefix, path, safe_regex, connect_matcher, path_separated_prefix is required");
                }
                yield null;
            }
        };
    }
}
