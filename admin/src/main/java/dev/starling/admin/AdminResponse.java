package dev.starling.admin;

import java.util.Iterator;

/** An answer of an admin page. */
public record AdminResponse(int status, Type type, Body body) {

    /** The content types in use. */
    public enum Type {
        TEXT,
        /** Without charset, as Envoy has it on some errors. */
        BARE_TEXT,
        JSON,
        HTML
    }

    /** What is sent. */
    public sealed interface Body {

        record Whole(String text) implements Body {}

        /** Sent in chunks, each made when the one before is on its way. */
        record Pieces(Iterator<String> pieces) implements Body {}
    }

    public static AdminResponse text(int status, String text) {
        return new AdminResponse(status, Type.TEXT, new Body.Whole(text));
    }

    public static AdminResponse ok() {
        return text(200, "OK\n");
    }

    public static AdminResponse json(String text) {
        return new AdminResponse(200, Type.JSON, new Body.Whole(text));
    }

    public static AdminResponse pieces(Type type, Iterator<String> pieces) {
        return new AdminResponse(200, type, new Body.Pieces(pieces));
    }
}
