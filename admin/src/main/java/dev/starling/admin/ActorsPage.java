package dev.starling.admin;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code /actors}: the actor tree, or the part of it below a path, as JSON. */
final class ActorsPage implements AdminPage {

    static final String PATH = "/actors";
    static final String BELOW = PATH + "/";

    private final ActorTree tree;

    ActorsPage(ActorTree tree) {
        this.tree = tree;
    }

    @Override
    public CompletionStage<AdminResponse> answer(AdminRequest request) {
        List<String> path = request.path().length() <= BELOW.length()
                ? List.of()
                : Arrays.stream(request.path().substring(BELOW.length()).split("/", -1))
                        .filter(name -> !name.isEmpty())
                        .map(QueryParameters::decode)
                        .toList();
        return tree.inspect(path)
                .thenApply(state -> state.map(JsonPage::value)
                        .orElseGet(() -> AdminResponse.text(404, "no actor at " + request.path() + "\n")));
    }
}
