package dev.starling.runtime.codec.http2;

/** Numbers of RFC 9113 6: types, flags, settings. */
final class Frames {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int WITH_PRIORITY = 0x20;

    static final int SETTINGS_HEADER_TABLE_SIZE = 1;
    static final int SETTINGS_ENABLE_PUSH = 2;
    static final int SETTINGS_MAX_CONCURRENT_STREAMS = 3;
    static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;
    static final int SETTINGS_MAX_FRAME_SIZE = 5;
    static final int SETTINGS_MAX_HEADER_LIST_SIZE = 6;
    static final int SETTINGS_ENABLE_CONNECT_PROTOCOL = 8;

    static final int HEADER_BYTES = 9;

    /** What either side may send until the other has said otherwise, and what we never ask to raise. */
    static final int MAX_FRAME_BYTES = 16 * 1024;

    /** The windows that both sides begin with. */
    static final int DEFAULT_WINDOW_BYTES = 65_535;

    private Frames() {}
}
