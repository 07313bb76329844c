package dev.starling.admin;

import org.apache.pekko.actor.setup.Setup;

/** Hands the API to the routes, which pekko-management makes by name. */
final class AdminSetup extends Setup {

    private final AdminApi api;

    AdminSetup(AdminApi api) {
        this.api = api;
    }

    AdminApi api() {
        return api;
    }
}
