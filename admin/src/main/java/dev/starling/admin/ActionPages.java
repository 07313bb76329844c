package dev.starling.admin;

/** The pages that do something: all by POST. */
final class ActionPages {

    private final AdminActions actions;

    ActionPages(AdminActions actions) {
        this.actions = actions;
    }

    /** A parameter counts by being there, whatever its value. */
    AdminResponse drainListeners(AdminRequest request) {
        actions.drainListeners(new AdminActions.Drain(
                request.query().has("inboundonly"),
                request.query().has("graceful"),
                request.query().has("skip_exit")));
        return AdminResponse.ok();
    }

    AdminResponse failHealthCheck(AdminRequest request) {
        actions.failHealthCheck();
        return AdminResponse.ok();
    }

    AdminResponse passHealthCheck(AdminRequest request) {
        actions.passHealthCheck();
        return AdminResponse.ok();
    }

    AdminResponse reopenLogs(AdminRequest request) {
        actions.reopenLogs();
        return AdminResponse.ok();
    }

    AdminResponse quit(AdminRequest request) {
        actions.quit();
        return AdminResponse.ok();
    }
}
