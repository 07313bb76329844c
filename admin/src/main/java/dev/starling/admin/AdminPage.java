package dev.starling.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What stands behind a path of the admin API. Runs on the admin dispatcher and never blocks it. */
@FunctionalInterface
public interface AdminPage {

    CompletionStage<AdminResponse> answer(AdminRequest request);

    /** A page that knows its answer at once. */
    static AdminPage of(Function<AdminRequest, AdminResponse> answer) {
        return request -> CompletableFuture.completedStage(answer.apply(request));
    }
}
