package dev.starling.runtime.route;

import static dev.starling.runtime.route.ExampleRoute.named;
import static dev.starling.runtime.route.Examples.config;
import static dev.starling.runtime.route.Examples.routes;
import static dev.starling.runtime.route.Examples.virtualHost;

import com.google.re2j.Pattern;
import dev.starling.config.HeaderMutations;
import dev.starling.config.matcher.HeaderMatcher;
import dev.starling.config.matcher.QueryParameterMatcher;
import dev.starling.config.matcher.StringMatcher;
import dev.starling.config.matcher.StringMatcher.Contains;
import dev.starling.config.matcher.StringMatcher.Exact;
import dev.starling.config.matcher.StringMatcher.Prefix;
import dev.starling.config.matcher.StringMatcher.Regex;
import dev.starling.config.matcher.StringMatcher.Suffix;
import dev.starling.config.route.NonForwardingAction;
import dev.starling.config.route.RedirectAction;
import dev.starling.config.route.RedirectAction.PathChange;
import dev.starling.config.route.Route;
import dev.starling.config.route.RouteConfiguration;
import dev.starling.config.route.VirtualHost;
import dev.starling.config.route.VirtualHost.TlsRequirement;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The configurations that the recorded answers of Envoy belong to. */
final class EnvoyRoutes {

    static final Map<String, RouteConfiguration> BY_NAME = Map.ofEntries(
            Map.entry("hosts", hosts(false)),
            Map.entry("hosts-port-ignored", hosts(true)),
            Map.entry("only-star", config(answering("star", "*"))),
            Map.entry(
                    "star-last",
                    config(
                            answering("star", "*"),
                            answering("suffix", "*.a.b"),
                            answering("prefix", "c*"),
                            answering("exact", "c.a.b"))),
            Map.entry("paths", paths()),
            Map.entry("prefix-slash", routes(named("all").direct())),
            Map.entry("headers", headers()),
            Map.entry("query", query()),
            Map.entry(
                    "grpc", routes(named("grpc").grpc().direct(), named("plain").direct())),
            Map.entry(
                    "grpc-only",
                    routes(named("grpc").grpc().direct(), named("plain").direct())),
            Map.entry(
                    "fraction",
                    routes(
                            named("never").fraction(0).direct(),
                            named("always").fraction(100).direct())),
            Map.entry("redirects", redirects()),
            Map.entry("tls-all", tls(TlsRequirement.ALL)),
            Map.entry("tls-external", tls(TlsRequirement.EXTERNAL_ONLY)),
            Map.entry("tls-none", tls(TlsRequirement.NONE)),
            Map.entry("non-forwarding", routes(named("nf").to(new NonForwardingAction()))));

    private EnvoyRoutes() {}

    private static VirtualHost answering(String name, String... domains) {
        return virtualHost(name, List.of(domains), named(name).direct());
    }

    private static RouteConfiguration hosts(boolean ignorePort) {
        return config(
                HeaderMutations.NONE,
                false,
                ignorePort,
                answering("exact", "a.com", "b.com:8080", "[::1]:80", "foo.com"),
                answering("star-foo", "*.foo.com"),
                answering("bar-foo", "*-bar.foo.com"),
                answering("star-com", "*.com"),
                answering("foo-star", "foo.*"),
                answering("foo-b-star", "foo.b*"),
                answering("upper", "upper.org"));
    }

    private static RouteConfiguration paths() {
        return routes(
                named("exact").exact("/exact").direct(),
                named("exact-nocase").exact("/NoCase").ignoringCase().direct(),
                named("exact-query?").exact("/q?x=1").direct(),
                named("sep").segments("/sep").direct(),
                named("sep-nocase").segments("/SEP/Two").ignoringCase().direct(),
                named("regex").regex("/re/[0-9]+").direct(),
                named("regex-nocase").regex("(?i)/rei/[a-z]+").direct(),
                named("regex-caseflag").regex("/ref/[a-z]+").ignoringCase().direct(),
                named("prefix-nocase").prefix("/PreNo").ignoringCase().direct(),
                named("prefix").prefix("/prefix").direct(),
                named("slash").prefix("/dir/").direct(),
                named("connect").connect().direct());
    }

    private static RouteConfiguration headers() {
        var v = new Exact("v", false);
        return routes(
                header("exact", is(v)),
                header("exact-ic", is(new Exact("v", true))),
                header("prefix", is(new Prefix("ab", false))),
                header("suffix", is(new Suffix("yz", false))),
                header("contains", is(new Contains("mid", false))),
                header("contains-ic", is(new Contains("MID", true))),
                header("regex", is(new Regex(Pattern.compile("[a-c]+")))),
                header("range", matcher("x-h", new HeaderMatcher.Rule.Range(-5, 10))),
                header("present", present(true)),
                header("absent", present(false)),
                header("bare", present(true)),
                header("not-exact", not(is(v))),
                header("not-present", not(present(true))),
                header("not-absent", not(present(false))),
                header("not-bare", not(present(true))),
                header("not-range", not(matcher("x-h", new HeaderMatcher.Rule.Range(1, 3)))),
                header("empty-exact", missingAsEmpty(is(v))),
                header("not-empty-exact", not(missingAsEmpty(is(v)))),
                header("empty-regex", missingAsEmpty(is(new Regex(Pattern.compile(".*"))))),
                header("empty-present", missingAsEmpty(present(true))),
                header("empty-absent", missingAsEmpty(present(false))),
                header("empty-not-present", not(missingAsEmpty(present(true)))),
                header("empty-not-absent", not(missingAsEmpty(present(false)))),
                header("empty-range", missingAsEmpty(matcher("x-h", new HeaderMatcher.Rule.Range(0, 3)))),
                header("method", text(":method", new Exact("POST", false))),
                header("authority", text(":authority", new Prefix("h", false))),
                header("host", text("host", new Exact("h", false))),
                header("path", text(":path", new Suffix("?z", false))),
                header("scheme", text(":scheme", new Exact("http", false))),
                header("upper", text("x-upper", new Exact("1", false))),
                header("not-method", not(text(":method", new Exact("POST", false)))),
                header("both", text("x-a", new Exact("1", false)), text("x-b", new Exact("2", false))));
    }

    private static Route header(String name, HeaderMatcher... matchers) {
        return named(name).prefix("/" + name + "/").headers(matchers).direct();
    }

    private static HeaderMatcher matcher(String header, HeaderMatcher.Rule rule) {
        return new HeaderMatcher(header, rule, false, false);
    }

    private static HeaderMatcher text(String header, StringMatcher matcher) {
        return matcher(header, new HeaderMatcher.Rule.Text(matcher));
    }

    private static HeaderMatcher is(StringMatcher matcher) {
        return text("x-h", matcher);
    }

    private static HeaderMatcher present(boolean present) {
        return matcher("x-h", new HeaderMatcher.Rule.Present(present));
    }

    private static HeaderMatcher not(HeaderMatcher matcher) {
        return new HeaderMatcher(matcher.name(), matcher.rule(), true, matcher.treatMissingAsEmpty());
    }

    private static HeaderMatcher missingAsEmpty(HeaderMatcher matcher) {
        return new HeaderMatcher(matcher.name(), matcher.rule(), matcher.invert(), true);
    }

    private static RouteConfiguration query() {
        return routes(
                parameter("exact", parameter("q", new Exact("v", false))),
                parameter("regex", parameter("q", new Regex(Pattern.compile("[0-9]+")))),
                parameter("bare", parameter("q", true)),
                parameter("present", parameter("q", true)),
                parameter("absent", parameter("q", false)),
                parameter("empty", parameter("q", new Regex(Pattern.compile("()")))),
                parameter("two", parameter("q", true), parameter("r", new Exact("1", false))),
                parameter("encoded", parameter("a%20b", new Exact("c%20d", false))),
                parameter("prefix", parameter("q", new Prefix("v", false))));
    }

    private static Route parameter(String name, QueryParameterMatcher... matchers) {
        return named(name).prefix("/" + name).query(matchers).direct();
    }

    private static QueryParameterMatcher parameter(String name, StringMatcher matcher) {
        return new QueryParameterMatcher(name, new QueryParameterMatcher.Rule.Text(matcher));
    }

    private static QueryParameterMatcher parameter(String name, boolean present) {
        return new QueryParameterMatcher(name, new QueryParameterMatcher.Rule.Present(present));
    }

    private static RouteConfiguration redirects() {
        var keepPath = PathChange.None.NONE;
        var slash = new PathChange.Replace("/new");
        var own = new PathChange.Replace("/new?own=1");
        return routes(
                to("host", "", "new.com", 0, keepPath),
                to("https", "https", "", 0, keepPath),
                to("scheme", "ftp", "", 0, keepPath),
                to("port", "", "", 8443, keepPath),
                to("hp", "", "n.com", 81, keepPath),
                to("hs", "https", "", 8443, keepPath),
                to("path", "", "", 0, slash),
                to("pquery", "", "", 0, own),
                stripping("pqstrip", "", own),
                stripping("pstrip", "", slash),
                to("norel", "", "", 0, new PathChange.Replace("rel")),
                to("prefix/", "", "", 0, new PathChange.Prefix("/np/")),
                to("pfx", "", "", 0, new PathChange.Prefix("/")),
                stripping("strip", "s.com", keepPath),
                stripping("prst", "", new PathChange.Prefix("/x")),
                to("regex", "", "", 0, new PathChange.Regex(Pattern.compile("/regex/(\\d+)/(.*)"), "/\\2/\\1")),
                to("rpart", "", "", 0, new PathChange.Regex(Pattern.compile("a"), "bb")),
                to(named("sre").regex("/sre/.*"), new PathChange.Prefix("/gone")),
                to(named("sep").segments("/sep"), new PathChange.Prefix("/sp")),
                to(named("ex").exact("/ex"), new PathChange.Prefix("/exact")),
                to(named("nc").prefix("/NC").ignoringCase(), new PathChange.Prefix("/low")),
                withStatus("c302", 302),
                withStatus("c303", 303),
                withStatus("c307", 307),
                withStatus("c308", 308),
                to("nothing", "", "", 0, keepPath),
                to("schttp", "http", "", 0, keepPath),
                to("frag", "", "", 0, new PathChange.Replace("/new#f")),
                named("d201").prefix("/d201").direct(201),
                named("d302").prefix("/d302").direct(302),
                named("d404").prefix("/d404").direct(404));
    }

    private static Route to(String name, String scheme, String host, int port, PathChange change) {
        return named(name)
                .prefix("/" + name)
                .redirect(scheme, host, port == 0 ? OptionalInt.empty() : OptionalInt.of(port), change, false);
    }

    private static Route to(ExampleRoute route, PathChange change) {
        return route.redirect("", "", OptionalInt.empty(), change, false);
    }

    private static Route stripping(String name, String host, PathChange change) {
        return named(name).prefix("/" + name).redirect("", host, OptionalInt.empty(), change, true);
    }

    private static Route withStatus(String name, int status) {
        return named(name)
                .prefix("/" + name)
                .to(new RedirectAction("", "a", OptionalInt.empty(), PathChange.None.NONE, status, false));
    }

    private static RouteConfiguration tls(TlsRequirement requirement) {
        return config(virtualHost(
                "v",
                List.of("*"),
                requirement,
                HeaderMutations.NONE,
                named("in").prefix("/ok").direct()));
    }
}
