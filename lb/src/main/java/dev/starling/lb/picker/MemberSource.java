package dev.starling.lb.picker;

import dev.starling.lb.Endpoint;
import dev.starling.lb.EndpointList;
import org.jspecify.annotations.Nullable;

/**
 * One list that picks are made from, as it is now, and the progress made in it. A schedule by weight is built with the
 * first pick after a change: most lists, like that of all endpoints for panic, are never picked from.
 */
final class MemberSource {

    private final MemberRule rule;
    private final MemberPicker picker;

    private EndpointList members;
    private boolean fresh;
    private @Nullable EdfSchedule<Endpoint> schedule;

    MemberSource(MemberRule rule, EndpointList members) {
        this.rule = rule;
        this.picker = rule.pickers().get();
        this.members = members;
        this.fresh = true;
    }

    void update(EndpointList newMembers) {
        members = newMembers;
        fresh = true;
        schedule = null;
    }

    @Nullable
    Endpoint pick() {
        if (fresh) {
            fresh = false;
            schedule = rule.schedules(members) ? EdfSchedule.started(members, rule.weight(), rule.seed()) : null;
        }
        if (schedule != null) {
            return schedule.next();
        }
        return members.isEmpty() ? null : picker.pick(members);
    }
}
