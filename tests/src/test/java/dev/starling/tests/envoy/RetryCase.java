package dev.starling.tests.envoy;

import java.io.IOException;
import java.util.List;

/**
 * A request to a route with retries, and what its attempts are answered.
 *
 * @param name what it is about, and unique
 * @param listener the name of the listener it is sent to
 * @param host fields of the virtual host, as YAML
 * @param match how the route is matched but for its path, as YAML
 * @param route fields of the route beside its action, as YAML
 * @param action fields of the route's action, as YAML, with the retry policy
 * @param cluster where it leads to
 * @param client what the client does, and what it got
 * @param answers see {@link AttemptedEndpoints}; of an HTTP/2 cluster {@link PathScriptedUpstream}
 * @param whichever whether chance decides which endpoint comes first
 */
record RetryCase(
        String name,
        String listener,
        String host,
        String match,
        String route,
        String action,
        String cluster,
        Client client,
        List<String> answers,
        boolean whichever)
        implements CaseComparison.Case {

    /** What there is in virtual hosts unless a case wants something else. */
    static final String COUNTING =
            "include_request_attempt_count: true, include_attempt_count_in_response: true, include_is_timeout_retry_header: true";

    /** So that nothing waits. */
    static final String AT_ONCE = "retry_back_off: {base_interval: 0.001s, max_interval: 0.001s}";

    /** A client on a connection to the listener. */
    interface Client {
        String talk(RetryStage stage) throws IOException;
    }

    /** A GET from outside, which is answered 200 without a retry. */
    static RetryCase of(String name) {
        return new RetryCase(
                name,
                "web",
                COUNTING,
                "",
                "",
                "",
                "up",
                stage -> stage.http1(stage.head("GET")),
                List.of("200"),
                false);
    }

    /** @param fields of the route's retry policy, beside a short back-off */
    RetryCase policy(String fields) {
        return action("retry_policy: {" + fields + ", " + AT_ONCE + "}");
    }

    RetryCase on(String condition) {
        return policy("retry_on: \"" + condition + "\"");
    }

    RetryCase answers(String... all) {
        return new RetryCase(name, listener, host, match, route, action, cluster, client, List.of(all), whichever);
    }

    RetryCase client(Client other) {
        return new RetryCase(name, listener, host, match, route, action, cluster, other, answers, whichever);
    }

    /** A GET with these header lines. */
    RetryCase get(String... headers) {
        return client(stage -> stage.http1(stage.head("GET", headers)));
    }

    /** A GET from inside. */
    RetryCase inside(String... headers) {
        return client(stage -> stage.http1(stage.inside("GET", headers)));
    }

    RetryCase to(String other) {
        return new RetryCase(name, listener, host, match, route, action, other, client, answers, whichever);
    }

    RetryCase listener(String other) {
        return new RetryCase(name, other, host, match, route, action, cluster, client, answers, whichever);
    }

    RetryCase host(String fields) {
        return new RetryCase(name, listener, fields, match, route, action, cluster, client, answers, whichever);
    }

    RetryCase match(String fields) {
        return new RetryCase(name, listener, host, fields, route, action, cluster, client, answers, whichever);
    }

    RetryCase route(String fields) {
        return new RetryCase(name, listener, host, match, fields, action, cluster, client, answers, whichever);
    }

    /** Fields of the route's action, after those that it has. */
    RetryCase action(String fields) {
        String all = action.isEmpty() ? fields : action + ", " + fields;
        return new RetryCase(name, listener, host, match, route, all, cluster, client, answers, whichever);
    }

    RetryCase fromWhichever() {
        return new RetryCase(name, listener, host, match, route, action, cluster, client, answers, true);
    }

    @Override
    public String toString() {
        return name;
    }
}
