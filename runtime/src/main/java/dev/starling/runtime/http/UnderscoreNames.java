package dev.starling.runtime.http;

import dev.starling.config.http.HttpLimits.UnderscoreAction;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.stats.Counter;
import dev.starling.runtime.stats.StatsStripe;

/** Does with header names that have underscores what is configured, in binary protocols. */
final class UnderscoreNames {

    private UnderscoreNames() {}

    /** Whether the message may pass, from which fields may have been taken. */
    static boolean allowed(
            Headers headers, UnderscoreAction action, Counter rejected, Counter dropped, StatsStripe stripe) {
        for (int i = headers.size() - 1; i >= 0 && action != UnderscoreAction.ALLOW; i--) {
            if (headers.name(i).indexOf('_') < 0) {
                continue;
            }
            if (action == UnderscoreAction.REJECT_REQUEST) {
                rejected.inc(stripe);
                return false;
            }
            dropped.inc(stripe);
            headers.removeAt(i);
        }
        return true;
    }
}
