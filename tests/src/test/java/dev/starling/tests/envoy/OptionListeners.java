package dev.starling.tests.envoy;

import java.util.List;
import java.util.stream.Stream;

/** All listeners with options of their own. */
final class OptionListeners {

    private OptionListeners() {}

    static List<OptionListener> all() {
        return Stream.of(
                        ClientOptions.listeners(),
                        PathOptions.listeners(),
                        CodecOptions.listeners(),
                        TimeOptions.listeners(),
                        ReplyOptions.listeners(),
                        MatchOptions.listeners(),
                        RedirectOptions.listeners(),
                        RewriteOptions.listeners(),
                        HeaderOptions.listeners(),
                        RouterOptions.listeners())
                .flatMap(List::stream)
                .toList();
    }
}
