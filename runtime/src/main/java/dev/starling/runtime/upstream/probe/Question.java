package dev.starling.runtime.upstream.probe;

import dev.starling.healthcheck.active.ProbeResult;
import dev.starling.runtime.message.Headers;
import dev.starling.runtime.message.RequestHead;
import dev.starling.runtime.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What an endpoint is asked, and how its answers are judged. */
interface Question {

    RequestHead head();

    /** The caller owns it; null for none. */
    @Nullable
    ByteBuf body();

    /** For one answer. */
    Judge judge();

    /** Hears an answer in its order. */
    interface Judge {

        void head(ResponseHead head);

        /** The bytes stay the caller's. */
        void data(ByteBuf bytes);

        void trailers(Headers trailers);

        /** When the answer is complete; null if it had no head. */
        @Nullable
        ProbeResult verdict();
    }
}
