package dev.starling.runtime.stats;

/** A text that is shown with the stats, such as a version. */
public final class TextReadout implements Metric {

    private final String name;
    private volatile String value = "";
    private volatile boolean used;

    TextReadout(String name) {
        this.name = name;
    }

    public void set(String text) {
        value = text;
        used = true;
    }

    public String value() {
        return value;
    }

    @Override
    public boolean used() {
        return used;
    }

    @Override
    public String name() {
        return name;
    }
}
