package dev.starling.runtime.route;

import dev.starling.runtime.accesslog.StreamInfo;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import org.jspecify.annotations.Nullable;

/** What the value of a header may be made from: the exchange, as the one who forwards it sees it now. */
public interface FormatContext {

    StreamInfo info();

    RequestHead request();

    /** Null until there is one. */
    @Nullable
    ResponseHead response();
}
