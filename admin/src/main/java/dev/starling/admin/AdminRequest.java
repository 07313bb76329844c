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

    /** Do parameters stand in the target? Only if they do not, Envoy looks for them in a form. */
    boolean hasParameters() {
        return !query.all().isEmpty();
    }

    /** With the parameters of a form that was sent. */
    AdminRequest withForm(String form) {
        return new AdminRequest(method, path, QueryParameters.parse(form));
    }
}
