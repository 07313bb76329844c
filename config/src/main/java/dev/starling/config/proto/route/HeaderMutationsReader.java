package dev.starling.config.proto.route;

import dev.starling.config.HeaderMutations;
import dev.starling.config.proto.ValidationContext;
import dev.starling.config.proto.core.HeaderMutationReader;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import java.util.List;

/** Reads the four lists of header mutations that every level of the routes has under the same names. */
final class HeaderMutationsReader {

    private HeaderMutationsReader() {}

    static HeaderMutations read(
            List<HeaderValueOption> requestAdd,
            List<String> requestRemove,
            List<HeaderValueOption> responseAdd,
            List<String> responseRemove,
            ValidationContext context) {
        if (requestAdd.isEmpty() && requestRemove.isEmpty() && responseAdd.isEmpty() && responseRemove.isEmpty()) {
            return HeaderMutations.NONE;
        }
        return new HeaderMutations(
                HeaderMutationReader.additions(requestAdd, context, "request_headers_to_add"),
                HeaderMutationReader.removals(requestRemove, context, "request_headers_to_remove"),
                HeaderMutationReader.additions(responseAdd, context, "response_headers_to_add"),
                HeaderMutationReader.removals(responseRemove, context, "response_headers_to_remove"));
    }
}
