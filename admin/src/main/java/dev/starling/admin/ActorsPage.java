package dev.starling.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code /actors}: the actor tree, or the part of it below a path, as JSON. */
final class ActorsPage implements AdminPage {

    static final String PATH = "/actors";
    static final String BELOW = PATH + "/";

    private final ActorTree tree;
    private final StateJson json = new StateJson();

    ActorsPage(ActorTree tree) {
        this.tree = tree;
    }

    @Override
    public CompletionStage<AdminResponse> answer(AdminRequest request) {
        List<String> path = request.path().length() <= BELOW.length()
                ? List.of()
                : Arrays.stream(request.path().substring(BELOW.length()).split("/"))
                        .filter(name -> !name.isEmpty())
                        .map(QueryParameters::decode)
                        .toList();
        return tree.inspect(path)
                .thenApply(state -> state.map(this::show)
                        .orElseGet(() -> AdminResponse.text(404, "no actor at " + request.path() + "\n")));
    }

    private AdminResponse show(Object state) {
        try {
            return AdminResponse.json(json.write(state) + "\n");
        } catch (JsonProcessingException e) {
            return AdminResponse.text(500, "this state does not become JSON: " + e.getOriginalMessage() + "\n");
        }
    }
}
