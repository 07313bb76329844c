package dev.starling.tests.envoy;

import java.util.List;
import java.util.stream.Stream;

/** All cases of retries. */
final class RetryCases {

    private RetryCases() {}

    static List<RetryCase> all() {
        return Stream.of(
                        RetryConditionCases.all(),
                        RetryCountCases.all(),
                        RetryHeaderCases.all(),
                        RetryBodyCases.all(),
                        RetryTimeCases.all(),
                        RetryBackOffCases.all(),
                        RetryLimitCases.all(),
                        RetryEndpointCases.all(),
                        RetryMessageCases.all())
                .flatMap(List::stream)
                .toList();
    }
}
