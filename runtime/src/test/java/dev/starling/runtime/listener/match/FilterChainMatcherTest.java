package dev.starling.runtime.listener.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.CidrRange;
import dev.starling.config.listener.FilterChain;
import dev.starling.config.listener.FilterChainMatch;
import dev.starling.config.listener.FilterChainMatch.SourceType;
import dev.starling.config.tls.DownstreamSocket;
import dev.starling.runtime.network.ConnectionTraits;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each criterion for itself; all of them together are compared with the real Envoy. */
class FilterChainMatcherTest {

    private static final String LOCAL = "10.1.2.3";
    private static final String REMOTE = "192.0.2.7";

    @Test
    void takesTheChainWithoutCriteria() {
        assertThat(found(List.of(chain("all", FilterChainMatch.ANY)), connection()))
                .isEqualTo("all");
    }

    @Test
    void fallsBackToTheDefaultChain() {
        var matcher = FilterChainMatcher.of(
                List.of(chain("other", port(9))), Optional.of(chain("default", FilterChainMatch.ANY)));

        assertThat(matcher.match(connection())).extracting(FilterChain::name).isEqualTo("default");
        assertThat(FilterChainMatcher.of(List.of(), Optional.empty()).match(connection()))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            www.example.com, exact
            a.example.com, wildcard
            a.b.example.com, wildcard
            example.com, com
            org, any
            com, any
            '', any
            .com, com
            """)
    void takesTheLongestSuffixOfAServerName(String name, String expected) {
        var chains = List.of(
                chain("exact", names("www.example.com")),
                chain("wildcard", names("*.example.com")),
                chain("com", names("*.com")),
                chain("any", FilterChainMatch.ANY));
        ConnectionTraits traits = connection();
        traits.serverName(name);

        assertThat(found(chains, traits)).isEqualTo(expected);
    }

    /** The server name is looked at before the transport protocol, and there is no way back to what asks for no name. */
    @Test
    void goesNoWayBack() {
        var chains =
                List.of(chain("named", transport("tls", "www.example.com")), chain("plain", transport("raw_buffer")));
        ConnectionTraits traits = connection();
        traits.transportProtocol("raw_buffer");
        traits.serverName("www.example.com");

        assertThat(found(chains, traits)).isNull();
        traits.serverName("other");
        assertThat(found(chains, traits)).isEqualTo("plain");
    }

    @Test
    void takesTheClientsFavouriteOfTheProtocolsThereAre() {
        var chains = List.of(
                chain("h1", protocols("http/1.1")), chain("h2", protocols("h2")), chain("any", FilterChainMatch.ANY));
        ConnectionTraits traits = connection();

        traits.applicationProtocols(List.of("h3", "h2", "http/1.1"));
        assertThat(found(chains, traits)).isEqualTo("h2");
        traits.applicationProtocols(List.of("h3"));
        assertThat(found(chains, traits)).isEqualTo("any");
    }

    @Test
    void takesTheLongestPrefixOfTheDestination() {
        var chains = List.of(
                chain("ten", destination("10.0.0.0/8")),
                chain("host", destination("10.1.2.3/32")),
                chain("six", destination("2001:db8::/32")),
                chain("any", FilterChainMatch.ANY));

        assertThat(found(chains, connection())).isEqualTo("host");
        assertThat(found(chains, connection("10.1.2.4", REMOTE))).isEqualTo("ten");
        assertThat(found(chains, connection("2001:db8::1", "2001:db8::2"))).isEqualTo("six");
        assertThat(found(chains, connection("11.0.0.1", REMOTE))).isEqualTo("any");
        assertThat(found(chains, connection("::1", "::1"))).isEqualTo("any");
    }

    @Test
    void tellsWhereAConnectionComesFrom() {
        var chains = List.of(chain("local", type(SourceType.SAME_IP_OR_LOOPBACK)), chain("any", FilterChainMatch.ANY));

        assertThat(found(chains, connection())).isEqualTo("any");
        assertThat(found(chains, connection(LOCAL, "127.0.0.1"))).isEqualTo("local");
        assertThat(found(chains, connection(LOCAL, "127.0.0.9"))).isEqualTo("any");
        assertThat(found(chains, connection(LOCAL, LOCAL))).isEqualTo("local");
        assertThat(found(chains, pipe())).isEqualTo("local");
        assertThat(found(List.of(chain("out", type(SourceType.EXTERNAL))), connection()))
                .isEqualTo("out");
        assertThat(found(List.of(chain("out", type(SourceType.EXTERNAL))), pipe()))
                .isNull();
    }

    @Test
    void tellsTheClientFromThePeer() {
        ConnectionTraits traits = connection();
        traits.restoreRemote(new InetSocketAddress("198.51.100.1", 77));

        assertThat(found(List.of(chain("direct", direct("192.0.2.0/24"))), traits))
                .isEqualTo("direct");
        assertThat(found(List.of(chain("client", source("192.0.2.0/24"))), traits))
                .isNull();
        assertThat(found(List.of(chain("client", source("198.51.100.1/32"))), traits))
                .isEqualTo("client");
    }

    @Test
    void knowsAPipeAsTheAddressThatEnvoyTakesForIt() {
        assertThat(found(List.of(chain("pipe", destination("255.255.255.255/32"))), pipe()))
                .isEqualTo("pipe");
        assertThat(found(List.of(chain("pipe", destination("10.0.0.0/8"))), pipe()))
                .isNull();
    }

    private static @Nullable String found(List<FilterChain> chains, ConnectionTraits traits) {
        FilterChain found = FilterChainMatcher.of(chains, Optional.empty()).match(traits);
        return found == null ? null : found.name();
    }

    private static ConnectionTraits connection() {
        return connection(LOCAL, REMOTE);
    }

    private static ConnectionTraits connection(String local, String remote) {
        return new ConnectionTraits(new InetSocketAddress(local, 80), new InetSocketAddress(remote, 40_000));
    }

    private static ConnectionTraits pipe() {
        return new ConnectionTraits(new DomainSocketAddress("/tmp/s"), new DomainSocketAddress(""));
    }

    private static FilterChain chain(String name, FilterChainMatch match) {
        return new FilterChain(name, match, List.of(), DownstreamSocket.Raw.RAW, Duration.ZERO, 0);
    }

    private static FilterChainMatch port(int port) {
        return match(OptionalInt.of(port), List.of(), List.of(), "", List.of(), List.of(), SourceType.ANY, List.of());
    }

    private static FilterChainMatch names(String... names) {
        return transport("", names);
    }

    private static FilterChainMatch transport(String transport, String... names) {
        return match(
                OptionalInt.empty(),
                List.of(),
                List.of(names),
                transport,
                List.of(),
                List.of(),
                SourceType.ANY,
                List.of());
    }

    private static FilterChainMatch protocols(String... names) {
        return match(
                OptionalInt.empty(), List.of(), List.of(), "", List.of(names), List.of(), SourceType.ANY, List.of());
    }

    private static FilterChainMatch destination(String... ranges) {
        return match(
                OptionalInt.empty(), ranges(ranges), List.of(), "", List.of(), List.of(), SourceType.ANY, List.of());
    }

    private static FilterChainMatch direct(String... ranges) {
        return match(
                OptionalInt.empty(), List.of(), List.of(), "", List.of(), ranges(ranges), SourceType.ANY, List.of());
    }

    private static FilterChainMatch source(String... ranges) {
        return match(
                OptionalInt.empty(), List.of(), List.of(), "", List.of(), List.of(), SourceType.ANY, ranges(ranges));
    }

    private static FilterChainMatch type(SourceType type) {
        return match(OptionalInt.empty(), List.of(), List.of(), "", List.of(), List.of(), type, List.of());
    }

    private static FilterChainMatch match(
            OptionalInt port,
            List<CidrRange> destinations,
            List<String> names,
            String transport,
            List<String> protocols,
            List<CidrRange> directs,
            SourceType type,
            List<CidrRange> sources) {
        return new FilterChainMatch(port, destinations, names, transport, protocols, directs, type, sources, List.of());
    }

    private static List<CidrRange> ranges(String... ranges) {
        return Arrays.stream(ranges)
                .map(range -> range.split("/"))
                .map(parts -> new CidrRange(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1])))
                .toList();
    }
}
