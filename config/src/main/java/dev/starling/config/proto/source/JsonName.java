package dev.starling.config.proto.source;

/** The lowerCamelCase spelling that proto JSON gives a field. */
public final class JsonName {

    private JsonName() {}

    /** {@code typedConfig} for {@code typed_config}. */
    public static String of(String snakeCase) {
        if (snakeCase.indexOf('_') < 0) {
            return snakeCase;
        }
        var name = new StringBuilder(snakeCase.length());
        boolean upper = false;
        for (int i = 0; i < snakeCase.length(); i++) {
            char c = snakeCase.charAt(i);
            if (c == '_') {
                upper = true;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return name.toString();
    }
}
