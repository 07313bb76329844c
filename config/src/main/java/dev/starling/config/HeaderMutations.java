package dev.starling.config;

import java.util.List;

/** What one level of the route configuration does to request and response headers: removals first, then additions. */
public record HeaderMutations(
        List<HeaderMutation> requestAdd,
        List<String> requestRemove,
        List<HeaderMutation> responseAdd,
        List<String> responseRemove) {

    public static final HeaderMutations NONE = new HeaderMutations(List.of(), List.of(), List.of(), List.of());

    public HeaderMutations {
        requestAdd = List.copyOf(requestAdd);
        requestRemove = List.copyOf(requestRemove);
        responseAdd = List.copyOf(responseAdd);
        responseRemove = List.copyOf(responseRemove);
    }
}
