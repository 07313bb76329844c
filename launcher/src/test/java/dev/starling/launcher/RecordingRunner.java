package dev.starling.launcher;

import java.util.ArrayList;
import java.util.List;

/** Keeps what the command line asked for. */
final class RecordingRunner implements Runner {

    /** One thing asked. */
    record Asked(String what, Options options) {}

    final List<Asked> asked = new ArrayList<>();
    final List<DemoOptions> demos = new ArrayList<>();

    @Override
    public int serve(Options options) {
        return keep("serve", options);
    }

    @Override
    public int validate(Options options) {
        return keep("validate", options);
    }

    @Override
    public int printConfig(Options options) {
        return keep("print", options);
    }

    @Override
    public int demo(DemoOptions options) {
        demos.add(options);
        return 0;
    }

    @Override
    public int train(Options options) {
        return keep("train", options);
    }

    private int keep(String what, Options options) {
        asked.add(new Asked(what, options));
        return 0;
    }
}
