package dev.starling.config.route;

import com.google.re2j.Pattern;
import dev.starling.config.FractionalPercent;
import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.matcher.QueryParameterMatcher;
import java.util.List;
import java.util.Optional;

/** {@code envoy.config.route.v3.RouteMatch}: all of it must hold. */
public record RouteMatch(
        PathSpecifier path,
        boolean caseSensitive,
        List<HeaderMatcher> headers,
        List<QueryParameterMatcher> queryParameters,
        boolean grpcOnly,
        Optional<FractionalPercent> runtimeFraction) {

    public RouteMatch {
        headers = List.copyOf(headers);
        queryParameters = List.copyOf(queryParameters);
    }

    /** How the path, without query and fragment, is compared. */
    public sealed interface PathSpecifier {
        record Prefix(String prefix) implements PathSpecifier {}

        record Exact(String path) implements PathSpecifier {}

        /** The path itself, or the path followed by {@code /}. */
        record PathSeparatedPrefix(String prefix) implements PathSpecifier {}

        /** The whole path; case sensitivity is the pattern's own. */
        record Regex(Pattern pattern) implements PathSpecifier {}

        /** CONNECT requests only. */
        record Connect() implements PathSpecifier {}
    }
}
