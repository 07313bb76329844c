package dev.starling.runtime.grpc;

import org.jspecify.annotations.Nullable;

/**
 * The status codes of gRPC, and what they and those of HTTP mean to each other (Envoy: {@code Grpc::Utility}; gRPC:
 * {@code doc/http-grpc-status-mapping.md}). Plain numbers, as a peer may send any.
 */
public final class GrpcStatus {

    /** There is none. */
    public static final int NONE = -2;

    /** There is one, but it is not a number, or none of gRPC's. */
    public static final int INVALID = -1;

    public static final int OK = 0;
    public static final int UNKNOWN = 2;
    public static final int DEADLINE_EXCEEDED = 4;
    public static final int PERMISSION_DENIED = 7;
    public static final int RESOURCE_EXHAUSTED = 8;
    public static final int UNIMPLEMENTED = 12;
    public static final int INTERNAL = 13;
    public static final int UNAVAILABLE = 14;
    public static final int UNAUTHENTICATED = 16;

    private static final String[] CAMEL = {
        "OK",
        "Canceled",
        "Unknown",
        "InvalidArgument",
        "DeadlineExceeded",
        "NotFound",
        "AlreadyExists",
        "PermissionDenied",
        "ResourceExhausted",
        "FailedPrecondition",
        "Aborted",
        "OutOfRange",
        "Unimplemented",
        "Internal",
        "Unavailable",
        "DataLoss",
        "Unauthenticated"
    };

    private static final String[] SNAKE = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED"
    };

    private static final int[] HTTP = {
        200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401
    };

    private GrpcStatus() {}

    /** The value of {@code grpc-status}: {@link #NONE} without one, {@link #INVALID} if gRPC has no such code. */
    public static int parse(@Nullable String value) {
        int number = parseAny(value);
        return number >= HTTP.length ? INVALID : number;
    }

    /** As {@link #parse}, but any number stands for itself. */
    public static int parseAny(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return NONE;
        }
        String digits = value.strip();
        int from = digits.startsWith("+") ? 1 : 0;
        if (digits.length() == from || digits.length() > 9) {
            return INVALID;
        }
        int number = 0;
        for (int i = from; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return INVALID;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** What a reply with this HTTP status says to a gRPC client. */
    public static int ofHttp(int status) {
        return switch (status) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 429, 502, 503, 504 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /** What the code would be in HTTP; 500 for what is none of gRPC's. */
    public static int toHttp(int status) {
        return status >= 0 && status < HTTP.length ? HTTP[status] : 500;
    }

    /** {@code DeadlineExceeded}; the number for what is none of gRPC's. */
    public static String camelName(int status) {
        return status >= 0 && status < CAMEL.length ? CAMEL[status] : Integer.toString(status);
    }

    /** {@code DEADLINE_EXCEEDED}; the number for what is none of gRPC's. */
    public static String snakeName(int status) {
        return status >= 0 && status < SNAKE.length ? SNAKE[status] : Integer.toString(status);
    }
}
