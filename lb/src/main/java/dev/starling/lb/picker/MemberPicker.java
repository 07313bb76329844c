package dev.starling.lb.picker;

import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointList;
import java.util.random.RandomGenerator;

/** Chooses one member of a list whose members are all alike; one for each list, kept while the list changes. */
sealed interface MemberPicker {

    /** Chooses one of the members, of which there are some. */
    Endpoint pick(EndpointList members);

    /** One after the other; goes on from where it was when the list changes. */
    final class RoundRobin implements MemberPicker {

        private long turn;

        RoundRobin(long seed) {
            turn = seed;
        }

        @Override
        public Endpoint pick(EndpointList members) {
            return members.get((int) Long.remainderUnsigned(turn++, members.size()));
        }
    }

    /** The least busy of a few drawn with replacement; the first of equals. */
    record LeastRequest(int choices, RandomGenerator random) implements MemberPicker {

        @Override
        public Endpoint pick(EndpointList members) {
            Endpoint best = members.get(random.nextInt(members.size()));
            int fewest = best.state().activeRequests();
            for (int i = 1; i < choices; i++) {
                Endpoint drawn = members.get(random.nextInt(members.size()));
                int active = drawn.state().activeRequests();
                if (active < fewest) {
                    best = drawn;
                    fewest = active;
                }
            }
            return best;
        }
    }

    /** The least busy of all; among equals each is as likely as the other, by reservoir sampling. */
    record FullScan(RandomGenerator random) implements MemberPicker {

        @Override
        public Endpoint pick(EndpointList members) {
            Endpoint best = members.get(0);
            int fewest = best.state().activeRequests();
            int equals = 1;
            for (int i = 1; i < members.size(); i++) {
                Endpoint next = members.get(i);
                int active = next.state().activeRequests();
                if (active < fewest) {
                    best = next;
                    fewest = active;
                    equals = 1;
                } else if (active == fewest && random.nextInt(++equals) == 0) {
                    best = next;
                }
            }
            return best;
        }
    }

    record Random(RandomGenerator random) implements MemberPicker {

        @Override
        public Endpoint pick(EndpointList members) {
            return members.get(random.nextInt(members.size()));
        }
    }
}
