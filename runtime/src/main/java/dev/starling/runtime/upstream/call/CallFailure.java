package dev.starling.runtime.upstream.call;

/**
 * Why a call has no answer, or only a part of one.
 *
 * @param begun whether the answer had begun
 * @param status of HTTP, as the router would reply where it had not
 */
record CallFailure(boolean begun, int status, String text, String details) {

    /** As Envoy's own clients are told. */
    String message() {
        return text + "{" + details + "}";
    }
}
