package dev.starling.config.proto.listener;

import dev.starling.config.listener.ConnectionPredicate;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.Elements;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilterChainMatchPredicate;
import java.util.List;

/** Reads {@code envoy.config.listener.v3.ListenerFilterChainMatchPredicate}. */
final class ConnectionPredicateReader {

    private ConnectionPredicateReader() {}

    static ConnectionPredicate read(ListenerFilterChainMatchPredicate message, ValidationContext context) {
        return switch (message.getRuleCase()) {
            case OR_MATCH -> new ConnectionPredicate.Or(set(message.getOrMatch(), context.field("or_match")));
            case AND_MATCH -> new ConnectionPredicate.And(set(message.getAndMatch(), context.field("and_match")));
            case NOT_MATCH -> new ConnectionPredicate.Not(read(message.getNotMatch(), context.field("not_match")));
            case ANY_MATCH -> ConnectionPredicate.All.ALL;
            case DESTINATION_PORT_RANGE ->
                new ConnectionPredicate.DestinationPorts(
                        message.getDestinationPortRange().getStart(),
                        message.getDestinationPortRange().getEnd());
            case RULE_NOT_SET -> {
                context.problem("one of or_match, and_match, not_match, any_match, destination_port_range is required");
                yield ConnectionPredicate.None.NONE;
            }
        };
    }

    private static List<ConnectionPredicate> set(
            ListenerFilterChainMatchPredicate.MatchSet message, ValidationContext context) {
        return Elements.read(message.getRulesList(), context, "rules", ConnectionPredicateReader::read);
    }
}
