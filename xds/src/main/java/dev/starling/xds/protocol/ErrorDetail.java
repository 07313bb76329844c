package dev.starling.xds.protocol;

import com.google.rpc.Status;
import dev.starling.xds.resource.ResourceType;
import java.util.List;
import java.util.stream.Collectors;

/** What a control plane is told of a response that was not accepted as a whole. */
final class ErrorDetail {

    /** As Envoy: a control plane must not be drowned in what it has sent itself. */
    private static final int MAX_LENGTH = 4096;

    private static final String CUT = "...(truncated)";
    private static final int INTERNAL = 13;

    private ErrorDetail() {}

    static Status of(ResourceType<?> type, List<Refusal> refused) {
        String text = type.refusal() + refused.stream().map(Refusal::toString).collect(Collectors.joining("\n"));
        return Status.newBuilder()
                .setCode(INTERNAL)
                .setMessage(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + CUT : text)
                .build();
    }
}
