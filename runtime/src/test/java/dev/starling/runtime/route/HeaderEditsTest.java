package dev.starling.runtime.route;

import static dev.starling.runtime.route.Examples.add;
import static dev.starling.runtime.route.Examples.get;
import static dev.starling.runtime.route.Examples.requestMutations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.HeaderMutation;
import dev.starling.config.HeaderMutation.Append;
import dev.starling.config.HeaderMutations;
import dev.starling.config.accesslog.FormatString;
import dev.starling.runtime.message.RequestHead;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expectations were read off Envoy 1.40.0. */
class HeaderEditsTest {

    private static RequestHead edited(HeaderMutations mutations, String... headers) {
        RequestHead head = get("h", "/a", headers);
        HeaderEdits.ofRequest(mutations, Examples.FORMATS).apply(head.headers(), new Examples.Seen(head));
        head.headers().remove("x-forwarded-proto");
        return head;
    }

    private static RequestHead edited(HeaderMutation addition, String... headers) {
        return edited(requestMutations(List.of(), addition), headers);
    }

    @Test
    void treatsAHeaderThatIsThereAsTheActionSays() {
        String[] there = {"x: 1", "x: 2"};

        assertThat(edited(add("x", "n", Append.APPEND_IF_EXISTS_OR_ADD), there).headers())
                .hasToString("x: 1\nx: 2\nx: n\n");
        assertThat(edited(add("x", "n", Append.ADD_IF_ABSENT), there).headers()).hasToString("x: 1\nx: 2\n");
        assertThat(edited(add("x", "n", Append.OVERWRITE_IF_EXISTS_OR_ADD), there)
                        .headers())
                .hasToString("x: n\n");
        assertThat(edited(add("x", "n", Append.OVERWRITE_IF_EXISTS), there).headers())
                .hasToString("x: n\n");
    }

    @Test
    void treatsAHeaderThatIsMissingAsTheActionSays() {
        assertThat(edited(add("x", "n", Append.APPEND_IF_EXISTS_OR_ADD)).headers())
                .hasToString("x: n\n");
        assertThat(edited(add("x", "n", Append.ADD_IF_ABSENT)).headers()).hasToString("x: n\n");
        assertThat(edited(add("x", "n", Append.OVERWRITE_IF_EXISTS_OR_ADD)).headers())
                .hasToString("x: n\n");
        assertThat(edited(add("x", "n", Append.OVERWRITE_IF_EXISTS)).headers().isEmpty())
                .isTrue();
    }

    @Test
    void computesAllValuesFromWhatTheRemovalsLeave() {
        HeaderMutations mutations = requestMutations(
                List.of("x-gone"),
                add("x-from-gone", "[%REQ(X-GONE)%]"),
                add("x-new", "1"),
                add("x-from-new", "[%REQ(X-NEW)%]"),
                add("x-gone", "back"),
                add("x-set", "2", Append.OVERWRITE_IF_EXISTS_OR_ADD),
                add("x-late", "%REQ(X-SET)%"));

        assertThat(edited(mutations, "x-gone: g", "x-set: orig").headers())
                .hasToString("x-set: 2\nx-from-gone: []\nx-new: 1\nx-from-new: []\nx-gone: back\nx-late: orig\n");
    }

    @Test
    void decidesWhatIsThereBeforeItChangesAnything() {
        HeaderMutations mutations = requestMutations(
                List.of(),
                add("x-dup", "1", Append.ADD_IF_ABSENT),
                add("x-dup", "2", Append.ADD_IF_ABSENT),
                add("x-mix", "appended"),
                add("x-mix", "set", Append.OVERWRITE_IF_EXISTS_OR_ADD),
                add("x-twice", "1", Append.OVERWRITE_IF_EXISTS_OR_ADD),
                add("x-twice", "2", Append.OVERWRITE_IF_EXISTS_OR_ADD));

        assertThat(edited(mutations).headers())
                .hasToString("x-mix: set\nx-twice: 2\nx-dup: 1\nx-dup: 2\nx-mix: appended\n");
    }

    @Test
    void skipsEmptyValuesUnlessToldToKeepThem() {
        assertThat(edited(add("x", "%REQ(NONE)%")).headers().isEmpty()).isTrue();
        assertThat(edited(add("x", "", Append.OVERWRITE_IF_EXISTS_OR_ADD), "x: 1")
                        .headers())
                .hasToString("x: 1\n");
        var kept = new HeaderMutation("x", FormatString.literal(""), Append.OVERWRITE_IF_EXISTS_OR_ADD, true);
        assertThat(edited(kept, "x: 1").headers()).hasToString("x: \n");
    }

    @Test
    void joinsWhatEnvoyKeepsOnOneLine() {
        assertThat(edited(add("user-agent", "added"), "user-agent: ua").headers())
                .hasToString("user-agent: ua,added\n");
        assertThat(edited(add("via", "c"), "via: a", "via: b").headers()).hasToString("via: a,b,c\n");
        assertThat(edited(add("accept", "b")).headers()).hasToString("accept: b\n");
    }

    @Test
    void sendsTextOfTheConfigurationAsUtf8() {
        String value = edited(add("x", "caf\u00e9 \u20ac 100%%")).headers().get("x");

        assertThat(value).isEqualTo("caf\u00c3\u00a9 \u00e2\u0082\u00ac 100%");
    }
}
