package dev.starling.config.proto.read;

/** The spelling of field names in proto files. */
final class SnakeCase {

    private SnakeCase() {}

    /** {@code foo_bar} for {@code fooBar}. */
    static String of(String camelCase) {
        var name = new StringBuilder(camelCase.length() + 4);
        for (int i = 0; i < camelCase.length(); i++) {
            char c = camelCase.charAt(i);
            if (Character.isUpperCase(c)) {
                name.append('_').append(Character.toLowerCase(c));
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
