package dev.starling.admin;

/**
 * A request to an admin page.
 *
 * @param path up to the question mark, as it came
 */
public record AdminRequest(String method, String path, QueryParameters query) {

    /** @param target path and query, as they came */
    public static AdminRequest of(String method, String target) {
        int question = target.indexOf('?');
        return question < 0
                ? new AdminRequest(method, target, QueryParameters.NONE)
                : new AdminRequest(
                        method, target.substring(0, question), QueryParameters.parse(target.substring(question + 1)));
    }
}
