package dev.starling.config.listener;

import java.util.List;

/** {@code envoy.config.listener.v3.ListenerFilterChainMatchPredicate}: says which connections are meant. */
public sealed interface ConnectionPredicate {

    /** @param destinationPort 0 where there is none */
    boolean test(int destinationPort);

    /** No connection. */
    enum None implements ConnectionPredicate {
        NONE;

        @Override
        public boolean test(int destinationPort) {
            return false;
        }
    }

    /** Every connection. */
    enum All implements ConnectionPredicate {
        ALL;

        @Override
        public boolean test(int destinationPort) {
            return true;
        }
    }

    /** @param end not included */
    record DestinationPorts(int start, int end) implements ConnectionPredicate {
        @Override
        public boolean test(int destinationPort) {
            return destinationPort >= start && destinationPort < end;
        }
    }

    record Not(ConnectionPredicate rule) implements ConnectionPredicate {
        @Override
        public boolean test(int destinationPort) {
            return !rule.test(destinationPort);
        }
    }

    record And(List<ConnectionPredicate> rules) implements ConnectionPredicate {
        public And {
            rules = List.copyOf(rules);
        }

        @Override
        public boolean test(int destinationPort) {
            return rules.stream().allMatch(rule -> rule.test(destinationPort));
        }
    }

    record Or(List<ConnectionPredicate> rules) implements ConnectionPredicate {
        public Or {
            rules = List.copyOf(rules);
        }

        @Override
        public boolean test(int destinationPort) {
            return rules.stream().anyMatch(rule -> rule.test(destinationPort));
        }
    }
}
