package dev.starling.lb.picker;

import dev.starling.lb.Endpoint;
import org.jspecify.annotations.Nullable;

/** Which list of a priority a pick is made from, once priority and availability are decided. */
sealed interface ListChoice {

    /** Null if there is nothing to pick. */
    @Nullable
    Endpoint pick();

    /** All healthy endpoints of the priority, or all its degraded ones. */
    record Whole(MemberSource members) implements ListChoice {

        @Override
        public @Nullable Endpoint pick() {
            return members.pick();
        }
    }

    /** Too few are well, so health is not believed. */
    record Panic(MemberSource everyone, LbStats stats) implements ListChoice {

        @Override
        public @Nullable Endpoint pick() {
            stats.healthyPanic();
            return everyone.pick();
        }
    }

    /** First a locality by its weight, then one of its endpoints. */
    record LocalityWeighted(EdfSchedule<Share> localities) implements ListChoice {

        @Override
        public @Nullable Endpoint pick() {
            return localities.next().members().pick();
        }

        /** @param weight above 0: what the locality is given, reduced by what part of it is available */
        record Share(double weight, MemberSource members) {}
    }
}
