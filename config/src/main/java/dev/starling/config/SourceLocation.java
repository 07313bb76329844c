package dev.starling.config;

/**
 * A place in a configuration source.
 *
 * @param source file name or a description such as {@code --config-yaml}
 * @param line from 1
 * @param column from 1; 0 if the format does not tell
 */
public record SourceLocation(String source, int line, int column) {

    @Override
    public String toString() {
        return column > 0 ? source + ":" + line + ":" + column : source + ":" + line;
    }
}
