package dev.starling.xds.protocol;

/**
 * A resource that was not accepted.
 *
 * @param name or its place in the response, if no name can be read
 * @param reason for a person; tells no secret
 */
public record Refusal(String name, String reason) {

    @Override
    public String toString() {
        return name + ": " + reason;
    }
}
