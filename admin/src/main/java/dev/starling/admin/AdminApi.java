package dev.starling.admin;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds the page for a request, or says in Envoy's words why there is none. */
final class AdminApi {

    private final SortedMap<String, AdminCommand> commands = new TreeMap<>();
    private final String list;

    AdminApi(Collection<AdminCommand> commands) {
        commands.forEach(this::add);
        add(AdminCommand.read("/help", "print out list of admin commands", AdminPage.of(_ -> help())));
        StringBuilder text = new StringBuilder("admin commands are:\n");
        this.commands.values().forEach(command -> command.describe(text));
        list = text.toString();
    }

    private void add(AdminCommand command) {
        if (commands.put(command.path(), command) != null) {
            throw new IllegalArgumentException("two admin commands at " + command.path());
        }
    }

    CompletionStage<AdminResponse> answer(AdminRequest request) {
        AdminCommand command = find(request.path());
        if (command == null) {
            return refuse(404, "invalid path. " + list);
        }
        if (command.mutates() && !request.method().equals("POST")) {
            return refuse(405, "Method " + request.method() + " not allowed, POST required.");
        }
        return command.page().answer(request);
    }

    /** By the whole path, as Envoy does; only our actors have paths of their own below theirs. */
    private @Nullable AdminCommand find(String path) {
        return commands.get(path.startsWith(ActorsPage.BELOW) ? ActorsPage.PATH : path);
    }

    private AdminResponse help() {
        return AdminResponse.text(200, list);
    }

    private static CompletionStage<AdminResponse> refuse(int status, String text) {
        return CompletableFuture.completedStage(AdminResponse.text(status, text));
    }
}
