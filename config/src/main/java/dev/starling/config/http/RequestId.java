package dev.starling.config.http;

/** Whether {@code x-request-id} is made, kept from outside, and returned. */
public record RequestId(boolean generate, boolean preserveExternal, boolean alwaysSetInResponse) {

    public static final RequestId DEFAULT = new RequestId(true, false, false);
}
