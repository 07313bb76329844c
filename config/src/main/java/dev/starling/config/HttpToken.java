package dev.starling.config;

/** The characters of header names and methods, RFC 9110 section 5.6.2. */
public final class HttpToken {

    private static final String MARKS = "!#$%&'*+-.^_`|~";

    private HttpToken() {}

    public static boolean isTokenChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || MARKS.indexOf(c) >= 0;
    }
}
