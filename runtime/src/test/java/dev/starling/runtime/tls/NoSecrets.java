package dev.starling.runtime.tls;

/** For those whose configuration names no secrets. */
public final class NoSecrets {

    public static final SecretSource SOURCE = (secret, _) -> {
        throw new AssertionError("asked for " + secret);
    };

    private NoSecrets() {}
}
