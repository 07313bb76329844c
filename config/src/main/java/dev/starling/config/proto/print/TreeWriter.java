package dev.starling.config.proto.print;

import java.io.IOException;

/** Takes a tree in the order it is written, so that a large answer is never held as a whole. */
public interface TreeWriter {

    void beginObject() throws IOException;

    void endObject() throws IOException;

    void beginList() throws IOException;

    void endList() throws IOException;

    /** The key of the value that comes next. */
    void name(String key) throws IOException;

    void string(String value) throws IOException;

    /** A number, {@code true}, {@code false} or {@code null}, already in JSON's spelling. */
    void literal(String text) throws IOException;
}
