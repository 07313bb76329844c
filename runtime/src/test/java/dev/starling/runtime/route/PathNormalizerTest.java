package dev.starling.runtime.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.starling.config.http.PathHandling;
import dev.starling.config.http.PathHandling.EscapedSlashes;
import dev.starling.config.http.PathHandling.StripPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations were read off Envoy 1.40.0. */
class PathNormalizerTest {

    private static PathNormalizer normalizer(boolean normalize, boolean merge, EscapedSlashes escaped) {
        return new PathNormalizer(new PathHandling(normalize, merge, escaped, StripPort.NONE, false));
    }

    private static String outcome(PathNormalizer normalizer, String path) {
        return switch (normalizer.normalize(path)) {
            case PathVerdict.Fixed.UNCHANGED -> path;
            case PathVerdict.Fixed.REJECTED -> "400";
            case PathVerdict.Changed(var changed) -> changed;
            case PathVerdict.Redirected(var location) -> "307 " + location;
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '_',
            value = {
                "/ /",
                "/a/b/../c /a/c",
                "/a/./b /a/b",
                "/.. /",
                "/../a /a",
                "/a/.. /",
                "/a/. /a/",
                "/a/../ /",
                "/a/b/.. /a/",
                "/a//b /a//b",
                "// //",
                "//a //a",
                "/a//../b /a/b",
                "/a/%2e%2e/b /b",
                "/a/%2E%2e/b /b",
                "/a/.%2e/b /b",
                "/a/%2e/b /a/b",
                "/%2e /",
                "/a/... /a/...",
                "/a/..b /a/..b",
                "/a/b.. /a/b..",
                "/a/..;x/b /b",
                "/a/.;x/b /a/b",
                "/a/..;/b /b",
                "/a/..; /",
                "/a/.; /a/",
                "/a/..;x/..;y/b /b",
                "/a;..;/b /a;..;/b",
                "/a/;../b /a/;../b",
                "/a/%2e%2e;x/b /a/..;x/b",
                "/a/..%3bx/b /a/..%3bx/b",
                "/..;x?y /?y",
                "/a\\..;x\\b /a/..;x/b",
                "/a\\b /a/b",
                "/a\\..\\b /b",
                "/a%5cb /a%5cb",
                "/a%5C..%5cb /a%5C..%5cb",
                "/a%2fb /a%2fb",
                "/a%2F..%2Fb /a%2F..%2Fb",
                "/% /%",
                "/%2 /%2",
                "/%zz /%zz",
                "/a% /a%",
                "/a%00 400",
                "/%41%42 /AB",
                "/%7e%2D%5f /~-_",
                "/%2a%20%aF /%2a%20%aF",
                "/a?x=/../b /a?x=/../b",
                "/a/../b?x=/../%41 /b?x=/../%41",
                "/a;b/../c /c",
                "/a/b/../../../d /d",
                "/..//a //a",
                "/./ /",
                "/a/%2e%2e /",
                "/a/%2e /a/",
                "/./../a /a",
                "/[a]+ /[a]+",
                "/a|b^c\"d`e /a%7Cb%5Ec%22d%60e",
                "/a<b>{c} /a%3Cb%3E%7Bc%7D",
                "/.a/.b/..c /.a/.b/..c",
                "/a/b/%2e%2e/%2e%2e/c/ /c/",
                "/%ff/.. /",
            })
    void normalizesAsEnvoy(String path, String expected) {
        assertThat(outcome(normalizer(true, false, EscapedSlashes.KEEP_UNCHANGED), path))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/%%32%65 /%252e",
                "/%25%32 /%252",
                "/%2%65 /%252e",
                "/a%%41B /a%25AB",
                "/a%%41 /a%A",
                "/a%%4142 /a%25A42",
                "/a%4%31 /a%2541",
                "/a%%%34%31 /a%%2541",
                "/%%/../a%41 /aA",
                "/a%25%32%35 /a%2525",
                "/a%2% /a%2%",
                "/a/%%2e%2e/b /a/%../b",
                "/%2%65%2%65/a /%252e%252e/a",
                "/x%2G%41 /x%2GA",
                "/%2%35%35 /%25255",
                "/a%%30%30 /a%2500",
                "/%0%30 /%2500",
                "/%%300 /%2500",
            })
    void leavesNothingThatDecodesTwice(String path, String expected) {
        assertThat(outcome(normalizer(true, false, EscapedSlashes.KEEP_UNCHANGED), path))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/ /",
                "// //",
                "///// //",
                "///a /a",
                "/a//b /a/b",
                "/a// /a/",
                "//a//b// /a/b/",
                "/a//b?x=//y /a/b?x=//y",
                "/a//../b /a/../b",
                "/a/..;x//b /a/..;x/b",
                "/a%2F%2Fb /a%2F%2Fb",
            })
    void mergesSlashes(String path, String expected) {
        assertThat(outcome(normalizer(false, true, EscapedSlashes.KEEP_UNCHANGED), path))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "// //",
                "/a//../b /a/b",
                "/a/..//b /b",
                "//../a /a",
                "/a/b//../c /a/b/c",
                "/a\\\\b /a/b",
                "/a/.//b /a/b"
            })
    void mergesAfterNormalizing(String path, String expected) {
        assertThat(outcome(normalizer(true, true, EscapedSlashes.KEEP_UNCHANGED), path))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/a%2Fb 400 307_/a/b /a/b",
                "/a%5cb 400 307_/a\\b /a\\b",
                "/a?x=%2F /a?x=%2F /a?x=%2F /a?x=%2F",
                "/a%2F?x=%2F 400 307_/a/?x=%2F /a/?x=%2F",
                "/a/b /a/b /a/b /a/b",
                "/a%2F..%2Fb 400 307_/a/../b /a/../b",
                "/a%252Fb /a%252Fb /a%252Fb /a%252Fb",
                "/%2F%2f 400 307_/// ///",
            })
    void treatsEscapedSlashesAsTold(String path, String reject, String redirect, String forward) {
        assertThat(outcome(normalizer(false, false, EscapedSlashes.REJECT_REQUEST), path))
                .isEqualTo(reject);
        assertThat(outcome(normalizer(false, false, EscapedSlashes.UNESCAPE_AND_REDIRECT), path))
                .isEqualTo(redirect.replace('_', ' '));
        assertThat(outcome(normalizer(false, false, EscapedSlashes.UNESCAPE_AND_FORWARD), path))
                .isEqualTo(forward);
    }

    @Test
    void normalizesWhatUnescapingBroughtToLight() {
        assertThat(outcome(normalizer(true, false, EscapedSlashes.UNESCAPE_AND_FORWARD), "/a%2F..%2Fb"))
                .isEqualTo("/b");
        assertThat(outcome(normalizer(true, false, EscapedSlashes.UNESCAPE_AND_REDIRECT), "/a%5Cb?c"))
                .isEqualTo("307 /a/b?c");
        assertThat(outcome(normalizer(true, false, EscapedSlashes.UNESCAPE_AND_REDIRECT), "/a/../b"))
                .isEqualTo("/b");
    }

    @Test
    void rejectsFragmentsWhateverIsConfigured() {
        assertThat(outcome(normalizer(false, false, EscapedSlashes.KEEP_UNCHANGED), "/a#b"))
                .isEqualTo("400");
        assertThat(outcome(normalizer(false, false, EscapedSlashes.KEEP_UNCHANGED), "/a?x#y"))
                .isEqualTo("400");
    }

    @Test
    void leavesWhatIsNoPathToOthers() {
        PathNormalizer normalizer = normalizer(true, true, EscapedSlashes.UNESCAPE_AND_FORWARD);

        assertThat(normalizer.normalize("*")).isEqualTo(PathVerdict.Fixed.UNCHANGED);
        assertThat(normalizer.normalize("")).isEqualTo(PathVerdict.Fixed.UNCHANGED);
    }

    @Test
    void saysThatACanonicalPathIsUnchanged() {
        PathNormalizer normalizer = normalizer(true, true, EscapedSlashes.UNESCAPE_AND_REDIRECT);

        assertThat(normalizer.normalize("/api/v1/things;k=v/a.b?q=%2F..//")).isEqualTo(PathVerdict.Fixed.UNCHANGED);
        assertThat(normalizer.normalize("/%zz")).isEqualTo(PathVerdict.Fixed.UNCHANGED);
    }
}
